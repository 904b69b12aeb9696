package rest_test

import (
	"errors"
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
		} else {
			procs := filepath.Join(mode, "cgroup.procs")
			require.NoError(t, os.WriteFile(procs, []byte(strconv.Itoa(os.Getpid())), 0))
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
		cmd.Env = append(cmd.Env, "GEOEXPORT_CONTAINER="+group, "GOMEMLIMIT=off")
		t.Logf("in the control group %s", group)
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

// newGroup makes a control group with 512 MiB, of version 2 or 1 as the system has it, and returns its folder.
func newGroup(t *testing.T) (string, error) {
	root, limits := "/sys/fs/cgroup", []string{"memory.max", "memory.swap.max"}
	controllers, err := os.ReadFile(filepath.Join(root, "cgroup.subtree_control"))
	if !strings.Contains(string(controllers), "memory") {
		err = errors.Join(err, fmt.Errorf("%s has no memory controller for its groups: %q", root, controllers))
		root, limits = filepath.Join(root, "memory"), []string{"memory.limit_in_bytes", "memory.memsw.limit_in_bytes"}
		if _, missing := os.Stat(filepath.Join(root, limits[0])); missing != nil {
			return "", errors.Join(err, missing)
		}
	}
	dir, err := os.MkdirTemp(root, "geoexport-test-")
	if err != nil {
		return "", err
	}
	t.Cleanup(func() { _ = os.Remove(dir) })
	most := []byte(strconv.Itoa(container))
	if err := os.WriteFile(filepath.Join(dir, limits[0]), most, 0o600); err != nil {
		return "", err
	}
	if limits[1] == "memory.swap.max" {
		most = []byte("0")
	}
	_ = os.WriteFile(filepath.Join(dir, limits[1]), most, 0o600) // there may be no swap to forbid
	return dir, nil
}
