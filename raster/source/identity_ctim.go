//go:build aix || dragonfly || linux || openbsd || solaris

package source

import "syscall"

// system fills in what the operating system states beyond size and time of the content.
func (id *identity) system(sys any) {
	if s, ok := sys.(*syscall.Stat_t); ok {
		id.device, id.inode, id.links = uint64(s.Dev), uint64(s.Ino), uint64(s.Nlink)
		id.changed = int64(s.Ctim.Sec)*1e9 + int64(s.Ctim.Nsec)
	}
}
