package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// server is the PostgreSQL server that `make bench` started; nil stands for none.
type server struct{ postmaster int }

// newDatabase makes a database on it.
func (b *bench) newDatabase(ctx context.Context) (url string, s *server, err error) {
	conn, err := pgx.Connect(ctx, b.postgres)
	if err != nil {
		return "", nil, err
	}
	defer conn.Close(ctx)
	name := fmt.Sprintf("bench_%d", time.Now().UnixNano())
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return "", nil, err
	}
	if s, err = serverOf(ctx, conn); err != nil {
		return "", nil, err
	}
	config := conn.Config()
	if strings.HasPrefix(config.Host, "/") {
		return fmt.Sprintf("postgres://%s:%s@/%s?host=%s&port=%d", config.User, config.Password, name, config.Host, config.Port), s, nil
	}
	host := net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	return fmt.Sprintf("postgres://%s:%s@%s/%s?sslmode=disable", config.User, config.Password, host, name), s, nil
}

// serverOf finds the server's first process.
func serverOf(ctx context.Context, conn *pgx.Conn) (*server, error) {
	var backend int
	if err := conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		return nil, err
	}
	fields := stat(backend)
	if len(fields) < 2 {
		return nil, fmt.Errorf("the database server does not run on this machine: its CPU cannot be counted")
	}
	parent, err := strconv.Atoi(fields[1])
	return &server{parent}, err
}

func findServer(ctx context.Context, url string) (*server, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	return serverOf(ctx, conn)
}

// cpu adds up the server's processes, living and ended.
func (s *server) cpu() time.Duration {
	if s == nil {
		return 0
	}
	u := processCPU(s.postmaster)
	total := u.own + u.ended
	names, _ := filepath.Glob("/proc/[0-9]*")
	for _, name := range names {
		pid, err := strconv.Atoi(filepath.Base(name))
		if err != nil {
			continue
		}
		if fields := stat(pid); len(fields) > 1 && fields[1] == strconv.Itoa(s.postmaster) {
			total += processCPU(pid).own
		}
	}
	return total
}

// settle does what the server would do by itself within minutes, so that lists are planned as in life.
func settle(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "VACUUM ANALYZE")
	return err
}

// diskUse is the size of a desk's database in bytes.
func (s *served) diskUse(ctx context.Context) (size int64, err error) {
	if s.postgres == "" {
		files, err := filepath.Glob(filepath.Join(s.data, "*.db*"))
		for _, f := range files {
			if info, err := os.Stat(f); err == nil {
				size += info.Size()
			}
		}
		return size, err
	}
	conn, err := pgx.Connect(ctx, s.postgres)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, "SELECT pg_database_size(current_database())").Scan(&size)
	return size, err
}
