package mosaic

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/internal/filetype"
	"github.com/geoexport/geoexport/raster"
)

// A Scan is what ScanFolder found in a folder.
type Scan struct {
	Items      Slice
	PassedOver []PassedOver // the files that look like rasters and are no items, in the order of their names
}

// PassedOver is a file that looks like a raster and is no item.
type PassedOver struct {
	Name   string
	Format string // by the ending of its name, such as "JPEG 2000"
	Err    error  // why it could not be opened; nil if files of its format are not read
}

// String returns the file's name and why it is no item.
func (p PassedOver) String() string {
	if p.Err != nil {
		return fmt.Sprintf("%s: %v", p.Name, p.Err)
	}
	return fmt.Sprintf("%s: format %s is not read", p.Name, p.Format)
}

// ScanFolder does what Folder does, and also returns which files look like rasters but are no items.
func ScanFolder(ctx context.Context, fsys fs.FS, o *FolderOptions) (Scan, error) {
	s, err := scanFolder(ctx, fsys, o)
	if err == nil {
		s.log(ctx, o)
	}
	return s, err
}

// log logs the files that are passed over, if there are any.
func (s *Scan) log(ctx context.Context, o *FolderOptions) {
	if len(s.PassedOver) > 0 {
		o.logger().WarnContext(ctx, "files that look like rasters are passed over",
			"number", len(s.PassedOver), "files", s.named())
	}
}

func (o *FolderOptions) logger() *slog.Logger {
	if o.Logger == nil {
		return slog.Default()
	}
	return o.Logger
}

// maxNamed is how many files a message names.
const maxNamed = 20

// named returns the files that are passed over as a text of bounded length.
func (s *Scan) named() string {
	var out []string
	for _, p := range s.PassedOver[:min(len(s.PassedOver), maxNamed)] {
		out = append(out, p.String())
	}
	if len(s.PassedOver) > maxNamed {
		out = append(out, "…")
	}
	return strings.Join(out, "; ")
}

// pictureExtensions are those of files that are rasters if a world file or metadata lie beside them, unless Extensions are
// stated.
var pictureExtensions = []string{".png", ".jpg", ".jpeg", ".gif", ".bmp"}

// isPicture reports whether a file is a picture by its name.
func isPicture(name string) bool { return hasExtension(name, pictureExtensions) }

// placedPicture reports whether a file is a picture with a world file or metadata beside it. Suffixes are those of package
// sidecar: the first and the last letter of the extension and w, the extension and w, wld, and aux.xml.
func placedPicture(name string, there map[string]bool) bool {
	if !isPicture(name) {
		return false
	}
	ext := path.Ext(name)
	stem, letters := strings.TrimSuffix(name, ext), strings.ToLower(ext)
	for _, suffix := range []string{letters[:2] + letters[len(letters)-1:] + "w", letters + "w", ".wld"} {
		if there[stem+suffix] || there[stem+strings.ToUpper(suffix)] {
			return true
		}
	}
	return there[name+".aux.xml"] || there[stem+".aux.xml"]
}

// gridExtensions are those of plain grids, and headedExtensions those of files that are grids if a header lies beside them,
// unless Extensions are stated.
var (
	gridExtensions   = []string{".asc", ".agr", ".grd", ".hgt", ".dt0", ".dt1", ".dt2", ".bil", ".bip", ".bsq", ".flt"}
	headedExtensions = []string{".img", ".dat", ".raw"}
)

// isGrid reports whether a file is a plain grid by its name and what lies beside it.
func isGrid(name string, there map[string]bool) bool {
	if hasExtension(name, gridExtensions) {
		return true
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	return hasExtension(name, headedExtensions) && (there[name+".hdr"] || there[stem+".hdr"] || there[stem+".HDR"])
}

// passedOver returns the names among those of a folder that look like rasters and are none of its files.
func passedOver(names, files []string) (out []PassedOver) {
	for _, name := range names {
		format := filetype.Raster(name)
		if format == "" || isPicture(name) || strings.HasPrefix(name, ".") || slices.Contains(files, name) {
			continue
		}
		out = append(out, PassedOver{Name: name, Format: format})
	}
	return out
}

// withoutFailed removes the files that could not be opened, and adds them to the scan.
func (s *Scan) withoutFailed(files []string, datasets []raster.Dataset, failed []error) ([]string, []raster.Dataset) {
	var good []string
	var opened []raster.Dataset
	for i, file := range files {
		if failed[i] != nil {
			s.PassedOver = append(s.PassedOver, PassedOver{file, filetype.Raster(file), failed[i]})
			continue
		}
		good, opened = append(good, file), append(opened, datasets[i])
	}
	slices.SortFunc(s.PassedOver, func(a, b PassedOver) int { return strings.Compare(a.Name, b.Name) })
	return good, opened
}
