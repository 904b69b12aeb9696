package rest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

const container = 512 << 20

// TestMemoryOfAContainer runs the heaviest requests where the system gives a process no more than 512 MiB: it refuses what
// would take more, which it accepts otherwise, and does not die. Where there is no control group to be had, the process
// may map 512 MiB more than it has at its start, and GOMEMLIMIT stands for the limit that a group states.
func TestMemoryOfAContainer(t *testing.T) {
	if mode := os.Getenv("GEOEXPORT_CONTAINER"); mode != "" {
		if mode == "rlimit" {
			most := uint64(status(t, "VmSize") + container)
			require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: most, Max: most}))
		}
		runHeavy(t)
		fmt.Printf("refused %v\n", large(t))
		return
	}
	if underRace {
		t.Skip("the race detector's own memory would be measured")
	}
	if testing.Short() {
		t.Skip("it takes a while")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMemoryOfAContainer$", "-test.v", "-test.timeout=1h")
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	group, err := newGroup(t)
	if err == nil {
		cmd.Env = append(cmd.Env, "GEOEXPORT_CONTAINER=group", "GOMEMLIMIT=off")
		cmd.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: int(group.Fd())}
	} else {
		t.Logf("NOT CHECKED in a control group: %v", err)
		cmd.Env = append(cmd.Env, "GEOEXPORT_CONTAINER=rlimit", "GOMEMLIMIT="+strconv.Itoa(container))
	}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	t.Logf("%s", regexp.MustCompile(`peak .*`).Find(out))
	assert.Contains(t, string(out), "refused true")
	if os.Getenv("GOMEMLIMIT") == "" && exportimage.DefaultCacheBytes() == 64<<20 { // this process may take a gigabyte
		assert.False(t, large(t), "a process with more memory accepts it")
	}
}

// large reports whether an image is refused whose answer, in one slice, takes more than there is in 512 MiB.
func large(t *testing.T) (refused bool) {
	ds := newNoise(t, raster.F64, 2)
	s := &exportimage.Service{Catalog: mosaic.Slice{servicetest.Item(1, ds)}}
	_, err := s.Export(t.Context(), parse(t, "size=1600,1600&format=bsq&bandIds=0,1"))
	if err == nil {
		return false
	}
	assert.Equal(t, exportimage.TooLarge, exportimage.AsError(err).Kind, "%v", err)
	assert.ErrorContains(t, err, "limit Bytes")
	return true
}

// newGroup makes a control group of version 2 with 512 MiB, where the system lets it.
func newGroup(t *testing.T) (*os.File, error) {
	const root = "/sys/fs/cgroup"
	controllers, err := os.ReadFile(filepath.Join(root, "cgroup.subtree_control"))
	if err != nil {
		return nil, err
	}
	if !strings.Contains(string(controllers), "memory") {
		return nil, fmt.Errorf("%s has no memory controller for its groups: %q", root, controllers)
	}
	dir, err := os.MkdirTemp(root, "geoexport-test-")
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = os.Remove(dir) })
	if err := os.WriteFile(filepath.Join(dir, "memory.max"), []byte(strconv.Itoa(container)), 0o600); err != nil {
		return nil, err
	}
	_ = os.WriteFile(filepath.Join(dir, "memory.swap.max"), []byte("0"), 0o600) // there may be no swap to forbid
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, nil
}
