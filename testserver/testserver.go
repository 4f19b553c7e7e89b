// Package testserver runs what a desk stands beside in tests and measurements: independent NATS, S3 and mail servers,
// and a proxy that can be cut. The servers are programs of the module in testtools/, built on first use.
package testserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Needs is what a server needs of its test; testing.TB has it.
type Needs interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Cleanup(func())
	TempDir() string
	Context() context.Context
}

// openWithin bounds how long a server may take to answer; a bound, not an expectation.
const openWithin = time.Minute

// tools builds the servers once per process. Go's build cache keeps them: only the first build on a machine takes long.
var tools = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	folder := filepath.Join(cache, "madoguchi-testtools")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", err
	}
	defer lock.Close() // other packages' tests build at the same time
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	_, file, _, _ := runtime.Caller(0)
	build := exec.Command("go", "build", "-C", filepath.Join(filepath.Dir(filepath.Dir(file)), "testtools"), "-o", folder+"/", "tool")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the test servers: %w\n%s", err, out)
	}
	return folder, nil
})

// Tool is the path of one of the servers' programs.
func Tool(name string) (string, error) {
	folder, err := tools()
	return filepath.Join(folder, name), err
}

// process runs a server until the test ends.
func process(t Needs, name string, env []string, args ...string) {
	t.Helper()
	path, err := Tool(name)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	// The server ends with the thread that started it (Pdeathsig), so that thread must stay.
	started, done := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(done)
	}()
	if err := <-started; err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-done
	})
}

// freePort asks the kernel for a port that nothing listens on.
func freePort(t Needs) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// await tries until ready, and fails the test if that never comes.
func await(t Needs, what string, ready func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), openWithin)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ready(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s does not answer: %v", what, err)
		case <-tick.C:
		}
	}
}

// NATS starts a NATS server and returns its host:port.
func NATS(t Needs, args ...string) string {
	t.Helper()
	port := freePort(t)
	process(t, "nats-server", nil, append([]string{"-a", "127.0.0.1", "-p", fmt.Sprint(port)}, args...)...)
	address := fmt.Sprintf("127.0.0.1:%d", port)
	await(t, "NATS", func(ctx context.Context) error {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	})
	return address
}

// Bucket is a bucket on an S3 server of the test's own.
type Bucket struct {
	Endpoint, Name, Region, AccessKey, SecretKey string
	Folder                                       string // where the server keeps it
}

// S3 starts an S3 server with one empty bucket.
func S3(t Needs) Bucket {
	t.Helper()
	root := t.TempDir()
	b := Bucket{Name: "madoguchi", Region: "us-east-1", AccessKey: "madoguchi-test", SecretKey: "not-a-secret-of-anybody", Folder: filepath.Join(root, "buckets", "madoguchi")}
	for _, folder := range []string{b.Folder, filepath.Join(root, "attributes")} { // attributes: some temporary folders know none
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	b.Endpoint = "http://" + address
	process(t, "versitygw", []string{"ROOT_ACCESS_KEY_ID=" + b.AccessKey, "ROOT_SECRET_ACCESS_KEY=" + b.SecretKey},
		"--port", address, "--region", b.Region, "--quiet", "--health", "/health", "posix", "--sidecar", filepath.Join(root, "attributes"), filepath.Join(root, "buckets"))
	await(t, "the S3 server", func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.Endpoint+"/health", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return errors.New(response.Status)
		}
		return nil
	})
	return b
}
