//go:build linux

package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const comparedPaths = 40

// get asks a socket for a path, and fails unless the answer is 200.
func get(ctx context.Context, socket, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, host+path, nil)
	if err != nil {
		return nil, err
	}
	client := at(socket)
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", path, resp.Status, body)
	}
	return body, err
}

// compareReplicas asks each replica and a lone service for the same pictures.
func compareReplicas(ctx context.Context, d *deployment, stdout io.Writer) error {
	paths := paths(comparedPaths)
	want, err := d.expected(ctx, paths)
	if err != nil {
		return err
	}
	for i := range d.replicas {
		for _, p := range paths {
			body, err := get(ctx, d.replicaSocket(i), p)
			if err != nil {
				return fmt.Errorf("replica %d: %w", i, err)
			}
			if sha256.Sum256(body) != want[p] {
				return fmt.Errorf("replica %d answers %s otherwise than a lone service", i, p)
			}
		}
	}
	_, err = fmt.Fprintf(stdout, "equal bytes: %d pictures of each replica and of a lone service\n", len(paths))
	return err
}

// compareLinks has each replica make a picture that it links to, and opens the link at all others.
func compareLinks(ctx context.Context, d *deployment, stdout io.Writer) error {
	paths := paths(len(d.replicas))
	for i, p := range paths {
		want, err := get(ctx, d.replicaSocket(i), p)
		if err != nil {
			return err
		}
		body, err := get(ctx, d.replicaSocket(i), strings.Replace(p, "f=image", "f=json", 1))
		if err != nil {
			return err
		}
		var a struct{ Href string }
		if err := json.Unmarshal(body, &a); err != nil {
			return fmt.Errorf("%w: %s", err, body)
		}
		if !strings.Contains(a.Href, "/output/") {
			return fmt.Errorf("replica %d links to %q, which is not what it keeps", i, a.Href)
		}
		for j := range d.replicas {
			got, err := get(ctx, d.replicaSocket(j), a.Href)
			if err != nil {
				return fmt.Errorf("the link of replica %d at %d: %w", i, j, err)
			}
			if string(got) != string(want) {
				return fmt.Errorf("the link of replica %d leads to another picture at %d", i, j)
			}
		}
	}
	_, err := fmt.Fprintf(stdout, "links: %d pictures, each opened at every replica\n\n", len(paths))
	return err
}
