package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/geoexport/geoexport/raster/source"
)

// A phase is a set of units of work that do not depend on each other. Those of a phase begin when all of the one
// before have ended.
type phase struct {
	name  string
	units []string // their names, which differ
}

// A task is what a run does. All processes of a run have the same.
type task interface {
	// phases returns all phases. It depends on the rasters and options alone.
	phases(ctx context.Context) ([]phase, error)
	// do does a unit, again from its beginning if it was done or begun before. What it writes is there as a whole, or not.
	do(ctx context.Context, phase, unit int, failed map[string]string) error
}

// A unitArgs names a unit in the engine's queue.
type unitArgs struct {
	Phase int `json:"phase" river:"unique"`
	Unit  int `json:"unit" river:"unique"`
}

// Kind is the name of the jobs.
func (unitArgs) Kind() string { return "unit" }

// A run is a task, the database that all of its processes share, and the phases.
type run struct {
	task
	db     *database
	all    []phase
	o      options
	client *river.Client[*sql.Tx]
	done   func(phase, name string, err error)
}

// start makes the tables, unless another process did, and puts the first phase in the queue.
func (r *run) start(ctx context.Context) error {
	if err := r.db.prepare(ctx); err != nil {
		return err
	}
	var err error
	if r.client, err = r.newClient(); err != nil {
		return err
	}
	return r.transact(ctx, func(tx *sql.Tx) error {
		stated, err := r.stated()
		if err != nil {
			return err
		}
		first, err := r.db.insert(ctx, tx, `INSERT INTO batch_run VALUES (1, ?1) ON CONFLICT DO NOTHING`, string(stated))
		if err != nil {
			return err
		}
		if first {
			return r.begin(ctx, tx, 0)
		}
		var known string
		if err := tx.QueryRowContext(ctx, `SELECT options FROM batch_run`).Scan(&known); err != nil {
			return err
		}
		if known != string(stated) {
			return fmt.Errorf("%s: it is the file of another run, of other options or rasters: %s; choose another -work",
				source.Redacted(r.o.work), known)
		}
		return r.retryFailed(ctx, tx)
	})
}

// stated is that in which all processes of a run agree: the options, and all units.
func (r *run) stated() ([]byte, error) {
	sum := sha256.New()
	for _, p := range r.all {
		fmt.Fprintf(sum, "%q %q\n", p.name, p.units)
	}
	o := r.o.stated()
	o["plan"] = hex.EncodeToString(sum.Sum(nil))
	return json.Marshal(o)
}

// retryFailed puts the units that failed in the queue again, of a run that had ended.
func (r *run) retryFailed(ctx context.Context, tx *sql.Tx) error {
	if !r.o.retry {
		return nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT phase, unit FROM batch_unit WHERE error <> '' ORDER BY phase, unit`)
	if err != nil {
		return err
	}
	var failed []unitArgs
	for rows.Next() {
		var a unitArgs
		if err := rows.Scan(&a.Phase, &a.Unit); err != nil {
			return err
		}
		failed = append(failed, a)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(failed) == 0 {
		return err
	}
	// Later phases may have used what was missing: they begin anew.
	first := failed[0].Phase
	for _, statement := range []string{
		`DELETE FROM batch_phase WHERE phase > ?1`, `DELETE FROM batch_unit WHERE phase > ?1`,
		`DELETE FROM batch_unit WHERE phase = ?1 AND error <> ''`,
		`DELETE FROM river_job WHERE CAST(args ->> 'phase' AS INTEGER) > ?1 OR state IN ('discarded', 'cancelled')`,
	} {
		if _, err := tx.ExecContext(ctx, r.db.sql(statement), first); err != nil {
			return err
		}
	}
	var again []river.InsertManyParams
	for _, a := range failed {
		if a.Phase == first {
			again = append(again, r.insertion(a))
		}
	}
	_, err = r.client.InsertManyTx(ctx, tx, again)
	return err
}

func (r *run) newClient() (*river.Client[*sql.Tx], error) {
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &worker{run: r}); err != nil {
		return nil, err
	}
	host, _ := os.Hostname() // without one, the number of the process is enough
	return river.NewClient(r.db.driver, &river.Config{
		ID:                   fmt.Sprintf("%s-%d", host, os.Getpid()),
		Logger:               slog.New(slog.NewTextHandler(r.o.stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: r.o.workers}},
		Workers:              workers,
		FetchCooldown:        2 * time.Millisecond,
		FetchPollInterval:    200 * time.Millisecond,
		MaxAttempts:          r.o.attempts + rescues,
		JobTimeout:           r.o.stuck / 2,
		RescueStuckJobsAfter: r.o.stuck,
		RetryPolicy:          backoff{r.o.wait},
		// What has ended is the run's memory: it stays in the file.
		CompletedJobRetentionPeriod: -1, CancelledJobRetentionPeriod: -1, DiscardedJobRetentionPeriod: -1,
	})
}

// rescues is how many processes may die over a unit besides: each counts as a try of the engine.
const rescues = 1000

// backoff is the time before the next try: twice as long after each.
type backoff struct{ first time.Duration }

// NextRetry returns when a job is tried again.
func (b backoff) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(b.first << min(max(len(job.Errors), 0), 16))
}

func (r *run) transact(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (r *run) insertion(a unitArgs) river.InsertManyParams {
	return river.InsertManyParams{Args: a, InsertOpts: &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}}
}

// begin puts a phase in the queue, and those after it as long as there is nothing to do. Whoever comes second does
// nothing.
func (r *run) begin(ctx context.Context, tx *sql.Tx, i int) error {
	for ; i < len(r.all); i++ {
		first, err := r.db.insert(ctx, tx, `INSERT INTO batch_phase VALUES (?1, ?2) ON CONFLICT DO NOTHING`, i, len(r.all[i].units))
		if err != nil || !first {
			return err
		}
		if len(r.all[i].units) == 0 {
			continue
		}
		params := make([]river.InsertManyParams, len(r.all[i].units))
		for u := range params {
			params[u] = r.insertion(unitArgs{i, u})
		}
		_, err = r.client.InsertManyTx(ctx, tx, params)
		return err
	}
	return nil
}

// ended writes down that a unit has ended, with the error of one that failed for good, and begins the next phase
// after the last one. It reports false if that was written down before.
func (r *run) ended(ctx context.Context, tx *sql.Tx, a unitArgs, failure string) (bool, error) {
	// Those that end units of the same phase wait for each other here, so that one of them sees that it was the last.
	_, err := tx.ExecContext(ctx, r.db.sql(`UPDATE batch_phase SET units = units WHERE phase = ?1`), a.Phase)
	if err != nil {
		return false, err
	}
	first, err := r.db.insert(ctx, tx, `INSERT INTO batch_unit VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`,
		a.Phase, a.Unit, r.all[a.Phase].units[a.Unit], failure)
	if err != nil || !first {
		return false, err
	}
	var n int
	count := r.db.sql(`SELECT count(*) FROM batch_unit WHERE phase = ?1`)
	if err := tx.QueryRowContext(ctx, count, a.Phase).Scan(&n); err != nil {
		return false, err
	}
	if n < len(r.all[a.Phase].units) {
		return true, nil
	}
	return true, r.begin(ctx, tx, a.Phase+1)
}

// A worker does units.
type worker struct {
	river.WorkerDefaults[unitArgs]
	run *run
}

// Work does one unit, and commits with the engine's own record that it was done.
func (w *worker) Work(ctx context.Context, job *river.Job[unitArgs]) error {
	r, a := w.run, job.Args
	if a.Phase < 0 || a.Phase >= len(r.all) || a.Unit < 0 || a.Unit >= len(r.all[a.Phase].units) {
		return river.JobCancel(fmt.Errorf("phase %d has no unit %d: the rasters are others than when the run began", a.Phase, a.Unit))
	}
	failed, err := r.failedBefore(ctx, a.Phase)
	if err == nil {
		err = r.do(ctx, a.Phase, a.Unit, failed)
	}
	name := r.all[a.Phase].units[a.Unit]
	if err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			return river.JobSnooze(0) // the process ends: that was no try
		}
		if job.Attempt < r.o.attempts && !errors.As(err, new(*lackError)) {
			return err // it is tried again
		}
		ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Minute) // it may have taken too long
		defer stop()
		written := r.transact(ctx, func(tx *sql.Tx) error {
			_, err := r.ended(ctx, tx, a, err.Error())
			return err
		})
		if written != nil {
			return errors.Join(err, written)
		}
		r.done(r.all[a.Phase].name, name, err)
		return river.JobCancel(err)
	}
	first := false
	err = r.transact(ctx, func(tx *sql.Tx) (err error) {
		if first, err = r.ended(ctx, tx, a, ""); err != nil {
			return err
		}
		return r.db.complete(ctx, tx, job)
	})
	if err == nil && first {
		r.done(r.all[a.Phase].name, name, nil)
	}
	return err
}

// A lackError is that of a unit that needs what another one failed to make. It is not tried again.
type lackError struct{ of, cause string }

func (e *lackError) Error() string {
	return fmt.Sprintf("it needs %s, which failed: %s", e.of, e.cause)
}

// failedBefore returns the units of former phases that failed, with their errors.
func (r *run) failedBefore(ctx context.Context, phase int) (map[string]string, error) {
	rows, err := r.db.QueryContext(ctx, r.db.sql(`SELECT name, error FROM batch_unit WHERE phase < ?1 AND error <> ''`), phase)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, why string
		if err := rows.Scan(&name, &why); err != nil {
			return nil, err
		}
		out[name] = why
	}
	return out, rows.Err()
}

// counts returns how many units have ended, of how many.
func (r *run) counts(ctx context.Context) (ended, of int, err error) {
	for _, p := range r.all {
		of += len(p.units)
	}
	err = r.db.QueryRowContext(ctx, `SELECT count(*) FROM batch_unit`).Scan(&ended)
	return ended, of, err
}

// work does units until all of the run have ended, in whichever process, or ctx is done. Units that run then are
// given up.
func (r *run) work(ctx context.Context, progress func(ended, of int)) error {
	if err := r.client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	var err error
	for {
		var ended, of int
		if ended, of, err = r.counts(ctx); err != nil {
			break
		}
		progress(ended, of)
		if ended == of {
			break
		}
		select {
		case <-ctx.Done():
			err = context.Cause(ctx)
		case <-time.After(100 * time.Millisecond):
			continue
		}
		break
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	return errors.Join(err, r.client.StopAndCancel(limit))
}
