package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// A tool is a program that the benchmark needs, and the package of Debian that has it.
type tool struct {
	pkg    string
	needed []string // the command that must succeed for it to be there
}

// toolsFor returns the tools of a run. Our own load client takes the place of wrk.
func toolsFor(python string, servers bool) []tool {
	tools := []tool{
		{"gdal-bin", []string{"gdalinfo", "--version"}},
		{"python3-gdal", []string{python, "-c", "import numpy, osgeo.gdal"}},
	}
	if servers {
		tools = append(tools,
			tool{"cgi-mapserver", []string{mapserv, "-v"}},
			tool{"spawn-fcgi", []string{"spawn-fcgi", "-v"}},
			tool{"nginx-light", []string{"nginx", "-v"}})
	}
	return tools
}

// missing returns an error that names the packages that are to be installed.
func missing(tools []tool) error {
	var packages []string
	for _, t := range tools {
		if err := exec.Command(t.needed[0], t.needed[1:]...).Run(); err != nil {
			packages = append(packages, t.pkg)
		}
	}
	if packages == nil {
		return nil
	}
	return errors.New("install the peers: apt-get install " + strings.Join(packages, " "))
}

// findPython returns a Python that has GDAL: the one of the path, or else the system's.
func findPython() string {
	const usual, system = "python3", "/usr/bin/python3"
	if exec.Command(usual, "-c", "import osgeo.gdal").Run() != nil {
		return system
	}
	return usual
}

// machine describes the machine and the versions, in one line.
func machine(servers bool) string {
	parts := []string{
		time.Now().UTC().Format(time.DateOnly),
		strings.Join(append([]string{"go run ./internal/bench"}, os.Args[1:]...), " "),
		fmt.Sprintf("%s, %d cores", processor(), runtime.NumCPU()),
		runtime.GOOS + "/" + runtime.GOARCH, runtime.Version(), revision(), firstLine("gdalinfo", "--version"),
	}
	if servers {
		parts = append(parts, firstLine(mapserv, "-v"), firstLine("nginx", "-v"))
	}
	return strings.Join(parts, "; ")
}

// processor returns the processor's name by Linux, or else "a processor".
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // empty elsewhere
	_, rest, ok := strings.Cut(string(text), "model name")
	if !ok {
		return "a processor"
	}
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(strings.TrimLeft(line, "\t :"))
}

// revision returns the commit that the program was built of, if that is known.
func revision() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return "commit " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	if out, err := exec.Command("git", "rev-parse", "--short=12", "HEAD").Output(); err == nil {
		return "commit " + string(bytes.TrimSpace(out))
	}
	return "no commit"
}

// firstLine returns the first part of what a command prints about itself.
func firstLine(name string, args ...string) string {
	out, _ := exec.Command(name, args...).CombinedOutput() // it was there before
	line, _, _ := strings.Cut(string(out), "\n")
	line, _, _ = strings.Cut(line, " OUTPUT=")
	line, _, _ = strings.Cut(line, ", released")
	return line
}
