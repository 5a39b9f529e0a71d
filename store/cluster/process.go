package cluster

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// A server is one run of a child process.
type server struct {
	pid    int
	cmd    *exec.Cmd
	output *output
	exited chan struct{}
	err    error // read after exited
}

// spawn starts cmd and waits for its end in the background.
func spawn(cmd *exec.Cmd, log *slog.Logger) (*server, error) {
	s := &server{cmd: cmd, output: &output{log: log}, exited: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = s.output, s.output
	cmd.WaitDelay = 200 * time.Millisecond // orphans of a killed server may hold the pipe open
	started := make(chan error, 1)
	go func() {
		// The kernel sends the death signal when the thread that forked ends, not the process (golang/go#27505), so
		// this goroutine keeps its thread until the child is gone.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			s.pid = cmd.Process.Pid
		}
		started <- err
		if err != nil {
			return
		}
		s.err = cmd.Wait()
		s.output.flush()
		close(s.exited)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return s, nil
}

// epitaph tells how and why a server that has exited did so.
func (s *server) epitaph() error {
	if s.err == nil {
		return fmt.Errorf("it stopped by itself; %s", s.output.end())
	}
	return fmt.Errorf("%w; %s", s.err, s.output.end())
}

// end stops a server and returns when it is gone: at once and in order (SIGINT, "fast"), and when 30 s pass or hurry is
// closed without waiting for anything (SIGQUIT, "immediate"). SIGTERM would wait for every client.
func (s *server) end(log *slog.Logger, hurry <-chan struct{}) {
	s.signal(syscall.SIGINT)
	select {
	case <-s.exited:
		return
	case <-time.After(30 * time.Second):
	case <-hurry:
	}
	log.Warn("the private database did not stop in time; it is stopped without a final checkpoint", "pid", s.pid)
	s.signal(syscall.SIGQUIT)
	select {
	case <-s.exited:
		return
	case <-time.After(5 * time.Second):
	}
	s.signal(syscall.SIGKILL)
	<-s.exited
}

func (s *server) signal(sig os.Signal) {
	_ = s.cmd.Process.Signal(sig) // it fails only when the process has ended
}
