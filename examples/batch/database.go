package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	_ "github.com/jackc/pgx/v5/stdlib" // PostgreSQL
	_ "modernc.org/sqlite"
)

// A database is where the engine's queue is: a SQLite file, for the processes of one machine, or PostgreSQL.
type database struct {
	*sql.DB
	driver   riverdriver.Driver[*sql.Tx]
	postgres bool
}

// openDatabase opens the file of a run, which it makes where it is missing, or connects to PostgreSQL by a URL.
func openDatabase(work string) (*database, error) {
	if strings.HasPrefix(work, "postgres://") || strings.HasPrefix(work, "postgresql://") {
		db, err := sql.Open("pgx", work)
		if err != nil {
			return nil, err
		}
		return &database{db, riverdatabasesql.New(db), true}, nil
	}
	const settings = "?_pragma=busy_timeout(60000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate"
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: work}).EscapedPath()+settings)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // SQLite has one writer
	return &database{db, riversqlite.New(db), false}, nil
}

var parameter = regexp.MustCompile(`\?(\d)`)

// sql returns a statement with parameters as the database writes them.
func (d *database) sql(statement string) string {
	if d.postgres {
		return parameter.ReplaceAllString(statement, "$$$1")
	}
	return statement
}

// insert inserts a row and reports whether it was not there.
func (d *database) insert(ctx context.Context, tx *sql.Tx, statement string, args ...any) (bool, error) {
	res, err := tx.ExecContext(ctx, d.sql(statement), args...)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// complete makes the engine's record that a job was done part of a transaction.
func (d *database) complete(ctx context.Context, tx *sql.Tx, job *river.Job[unitArgs]) (err error) {
	if d.postgres {
		_, err = river.JobCompleteTx[*riverdatabasesql.Driver](ctx, tx, job)
	} else {
		_, err = river.JobCompleteTx[*riversqlite.Driver](ctx, tx, job)
	}
	return err
}

// schema has what the run knows besides the engine's queue: which units have ended, in the same transaction in which
// the engine is told, and which phases were begun.
var schema = []string{
	`CREATE TABLE IF NOT EXISTS batch_run (one INTEGER PRIMARY KEY CHECK (one = 1), options TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS batch_phase (phase INTEGER PRIMARY KEY, units INTEGER NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS batch_unit (
    phase INTEGER NOT NULL, unit INTEGER NOT NULL, name TEXT NOT NULL, error TEXT NOT NULL, -- '' if it was done
    PRIMARY KEY (phase, unit))`,
}

// prepare makes the tables. Several processes may begin side by side: whoever comes second may be refused, and finds the
// tables at the next try.
func (d *database) prepare(ctx context.Context) error {
	migrator, err := rivermigrate.New(d.driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	tables := func() error {
		if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return fmt.Errorf("the queue: %w", err)
		}
		for _, statement := range schema {
			if _, err := d.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}
	for try := 1; ; try++ {
		if err = tables(); err == nil || try == 20 || ctx.Err() != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}
