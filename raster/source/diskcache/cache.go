package diskcache

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/geoexport/geoexport/raster/source"
)

// Defaults of Options.
const (
	DefaultBytes = 1 << 30
	DefaultPage  = 16 << 10
)

// Options configure a Cache. Nil and zero fields mean the defaults.
type Options struct {
	// Bytes is the budget of the pages on the disk; 0 is DefaultBytes.
	Bytes int64
	// Page is the size of a page in bytes, from 1 KiB to 16 MiB; 0 is DefaultPage. Directories with pages of another size
	// are of no use to each other.
	Page int
}

// A Cache keeps pages of sources in a directory. It is made by Open, and safe for concurrent use.
type Cache struct {
	dir   *os.Root
	bytes int64
	page  int

	used  atomic.Int64 // bytes of all pages, as far as this program knows
	clean sync.Mutex   // held by the one that removes pages
	last  atomic.Pointer[error]
}

const (
	checksum = 4           // bytes before a page's own
	fresh    = time.Minute // for which a page's time of use is not written again
	orphaned = time.Hour   // after which a page that was never finished is removed
	unnamed  = ".new"      // ends the name of a page that is being written
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Open uses a directory, which must exist and belong to caches alone: old pages are removed by their age, whatever they are.
// Close the cache when its sources are no longer read.
func Open(dir string, o *Options) (*Cache, error) {
	if o == nil {
		o = &Options{}
	}
	c := &Cache{bytes: cmp.Or(o.Bytes, DefaultBytes), page: cmp.Or(o.Page, DefaultPage)}
	if c.bytes < 0 || c.page < 1<<10 || c.page > 16<<20 {
		return nil, fmt.Errorf("diskcache: a budget of %d bytes in pages of %d", c.bytes, c.page)
	}
	var err error
	if c.dir, err = os.OpenRoot(dir); err != nil {
		return nil, fmt.Errorf("diskcache: %w", err)
	}
	if _, err := c.tidy(); err != nil {
		return nil, errors.Join(fmt.Errorf("diskcache: %w", err), c.dir.Close())
	}
	return c, nil
}

// Close lets go of the directory. Pages stay for the next program.
func (c *Cache) Close() error { return c.dir.Close() }

// Bytes returns the size of all pages on the disk, as far as this program knows.
func (c *Cache) Bytes() int64 { return c.used.Load() }

// Err returns why a page could not be kept or read most recently; nil if that never happened.
func (c *Cache) Err() error {
	if err := c.last.Load(); err != nil {
		return *err
	}
	return nil
}

// failed notes an error of the disk, if it is one.
func (c *Cache) failed(err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.last.Store(&err)
	}
}

// nameOf returns the path of a page.
func nameOf(key, identity string, page int64) string {
	h := sha256.New()
	for _, text := range []string{key, identity} {
		_ = binary.Write(h, binary.LittleEndian, int64(len(text))) // a hash takes everything
		_, _ = io.WriteString(h, text)
	}
	_ = binary.Write(h, binary.LittleEndian, page)
	sum := hex.EncodeToString(h.Sum(nil)[:20])
	return sum[:2] + "/" + sum[2:]
}

// get returns a page of a number of bytes, or nil if it is not kept.
func (c *Cache) get(name string, size int) []byte {
	f, err := c.dir.Open(name)
	if err != nil {
		c.failed(err)
		return nil
	}
	defer f.Close()
	data := make([]byte, checksum+size+1) // one more, to notice a longer file
	n, err := io.ReadFull(f, data)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	info, statErr := f.Stat()
	switch err = errors.Join(err, statErr); {
	case err == nil && n == checksum+size && crc32.Checksum(data[checksum:n], castagnoli) == binary.LittleEndian.Uint32(data):
	case err == nil:
		c.failed(fmt.Errorf("diskcache: page %s is damaged", name))
		return nil
	default:
		c.failed(err)
		return nil
	}
	if now := time.Now(); now.Sub(info.ModTime()) > fresh {
		c.failed(c.dir.Chtimes(name, now, now))
	}
	return data[checksum:n]
}

// put keeps a page.
func (c *Cache) put(name string, page []byte) {
	data := make([]byte, checksum, checksum+len(page))
	binary.LittleEndian.PutUint32(data, crc32.Checksum(page, castagnoli))
	data = append(data, page...)
	temporary := fmt.Sprintf("%s.%x%s", name, rand.Uint64(), unnamed)
	err := c.dir.WriteFile(temporary, data, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		if err = c.dir.Mkdir(name[:2], 0o700); err == nil || errors.Is(err, fs.ErrExist) {
			err = c.dir.WriteFile(temporary, data, 0o600)
		}
	}
	if err == nil {
		err = c.dir.Rename(temporary, name)
	}
	if err != nil {
		_ = c.dir.Remove(temporary) // which may not have been made
		c.last.Store(&err)
		return
	}
	if c.used.Add(int64(len(data))) > c.bytes && c.clean.TryLock() {
		defer c.clean.Unlock()
		_, err := c.tidy()
		c.failed(err)
	}
}

// tidy counts the pages on the disk, and removes those used least recently if they exceed the budget.
func (c *Cache) tidy() (removed int, err error) {
	type kept struct {
		name string
		size int64
		used time.Time
	}
	var pages []kept
	total := int64(0)
	err = fs.WalkDir(c.dir.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreMissing(err)
		}
		info, err := d.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		if strings.HasSuffix(name, unnamed) {
			if time.Since(info.ModTime()) > orphaned {
				return ignoreMissing(c.dir.Remove(name))
			}
			return nil
		}
		pages = append(pages, kept{name, info.Size(), info.ModTime()})
		total += info.Size()
		return nil
	})
	if total > c.bytes {
		slices.SortFunc(pages, func(a, b kept) int { return a.used.Compare(b.used) })
		least := c.bytes - int64(math.Ceil(float64(c.bytes)/10))
		for _, p := range pages {
			if total <= least {
				break
			}
			if e := ignoreMissing(c.dir.Remove(p.name)); e != nil {
				err = errors.Join(err, e)
				continue
			}
			total -= p.size
			removed++
		}
	}
	c.used.Store(total)
	return removed, err
}

// ignoreMissing returns err, but nil for a file that another program removed.
func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Source returns src, whose bytes are kept. The key names what src reads, such as a URL, with all that tells it from
// others. The versions of src must have identities of their own: a source that knows them by size alone is returned as it is
// if it reports so by a method Validated.
func (c *Cache) Source(key string, src source.Identified) source.Source {
	if v, ok := src.(interface{ Validated() bool }); ok && !v.Validated() {
		return src
	}
	return &cached{Identified: src, cache: c, key: key}
}
