package exportimage

import (
	"io/fs"
	"math"
	"os"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
)

// assumedMemory is what the process may take, in bytes, where no limit is stated.
const assumedMemory = 1 << 30

// memoryLimit returns how many bytes of memory the process may take: the least of assumedMemory, the Go runtime's limit
// (GOMEMLIMIT, debug.SetMemoryLimit) and those of the control groups that it is in. root is the root of the file system.
func memoryLimit(root fs.FS) int64 {
	return min(assumedMemory, debug.SetMemoryLimit(-1), groupLimit(root))
}

var rootFS = os.DirFS("/")

// groupLimit returns the least limit of memory of the control groups that the process is in, as Linux lists them in
// /proc/self/cgroup (cgroups(7)), or the largest number if there is none. A container may see its own group as the root.
func groupLimit(root fs.FS) int64 {
	least := int64(math.MaxInt64)
	text, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return least
	}
	for line := range strings.Lines(string(text)) {
		number, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, group, _ := strings.Cut(rest, ":")
		folder, name := "sys/fs/cgroup", "memory.max"
		switch {
		case controllers == "memory": // version 1
			folder, name = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		case number != "0" || controllers != "":
			continue
		}
		// A group's limit holds for the groups in it.
		for at := path.Clean("/" + group); ; at = path.Dir(at) {
			least = min(least, readLimit(root, path.Join(folder, at, name)))
			if at == "/" {
				break
			}
		}
	}
	return least
}

// readLimit returns the number in a file of a control group: the largest number if the file is missing, or says "max".
func readLimit(root fs.FS, name string) int64 {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return math.MaxInt64
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || n <= 0 {
		return math.MaxInt64
	}
	return n
}
