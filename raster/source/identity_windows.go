package source

import "syscall"

// system fills in what the operating system states beyond size and time of the content. The time at which a file was
// made stands for its inode, which Go does not give: a file that replaces another one was made later.
func (id *identity) system(sys any) {
	if s, ok := sys.(*syscall.Win32FileAttributeData); ok {
		id.inode = uint64(s.CreationTime.Nanoseconds())
	}
}
