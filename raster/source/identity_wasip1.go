package source

import "syscall"

// system fills in what the operating system states beyond size and time of the content.
func (id *identity) system(sys any) {
	if s, ok := sys.(*syscall.Stat_t); ok {
		id.device, id.inode, id.links, id.changed = s.Dev, s.Ino, s.Nlink, int64(s.Ctime)
	}
}
