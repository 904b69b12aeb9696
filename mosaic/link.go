package mosaic

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// A LinkError reports a file of a folder, or of an index, that is a symbolic link out of it, and so might be any file of the machine.
type LinkError struct{ Name string }

func (e *LinkError) Error() string {
	return fmt.Sprintf("mosaic: %q is a symbolic link that leads out of the folder, and FollowLinks is not set",
		e.Name)
}

// maxLinks is how many links a path may pass, as on Linux.
const maxLinks = 40

// leadsOut reports whether a path in fsys passes a symbolic link that leads out of fsys, or is absolute, wherever it leads:
// where the root of fsys lies is not known. It can only tell if fsys reads links, as os.DirFS and the FS of an os.Root
// do. A path of which a part is missing leads nowhere.
//
// Whoever may change the folder can put a link there after it was asked for. The FS of an os.Root leaves no such gap.
func leadsOut(fsys fs.FS, name string) bool {
	links, ok := fsys.(fs.ReadLinkFS)
	if !ok || !fs.ValidPath(name) {
		return false
	}
	at, rest, passed := ".", strings.Split(name, "/"), 0
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		if part == ".." && at == "." {
			return true
		}
		next := path.Join(at, part)
		info, err := links.Lstat(next)
		if err != nil {
			return false
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		target, err := links.ReadLink(next)
		if passed++; err != nil || passed > maxLinks {
			return true
		}
		target = filepath.ToSlash(target)
		if path.IsAbs(target) || filepath.IsAbs(target) || filepath.VolumeName(target) != "" {
			return true
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return false
}
