// Package journal keeps records in files of this node until somebody else has them: what it took is on the disk before it
// says so, comes out in the order it went in, and stays until it is forgotten. It is for the time that the database is away.
//
// A folder holds segments, files of records, each with its length and checksum in front. Only the newest is written, by
// the process that made it; one whose records are all forgotten is removed. What is forgotten is not noted anywhere else:
// after a restart the records of the oldest segment come again, so whoever reads takes them by a key of their own.
package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"madoguchi/desk"
)

const (
	segmentBytes = 4 << 20 // a segment that holds this much is followed by the next
	folderMode   = 0o700
	fileMode     = 0o600
)

// errClosed ends who comes too late.
var errClosed = desk.Errorf(desk.KindUnavailable, "journal_unavailable", "the journal is closed")

// Record is one record and where it lies.
type Record struct {
	Data    []byte
	segment uint64
	nth     int
	end     int64
}

// Journal is one process's. It is safe for concurrent use.
type Journal struct {
	folder string
	limit  int64
	lock   *os.File

	joining sync.Mutex
	batch   []*entry // written together by whoever has the turn next

	turn     sync.Mutex // guards everything below, and the files
	segments []*segment // oldest first
	active   *os.File   // the newest segment while it is written, else nil
	bytes    int64
	waiting  int
	last     uint64
	closed   bool
}

// entry is a record on its way in.
type entry struct {
	data []byte
	done bool
	err  error
}

// Open opens a node's journal below a folder, whose files may hold limit bytes. Several processes may share the folder:
// each has a part of it to itself, and one that starts takes the first that nobody holds, with what lies in it.
func Open(folder string, limit int64) (j *Journal, err error) {
	j = &Journal{limit: limit}
	if j.folder, j.lock, err = claim(folder); err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	if err := j.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("open journal: %w", err), j.lock.Close())
	}
	return j, nil
}

// load finds the segments that an earlier process left.
func (j *Journal) load() error {
	numbers, err := numbered(j.folder)
	if err != nil {
		return err
	}
	for _, number := range numbers {
		s := &segment{number: number, path: j.path(number)}
		if err := s.measure(); err != nil {
			return err
		}
		j.last = number
		if s.left == 0 {
			if err := os.Remove(s.path); err != nil {
				return err
			}
			continue
		}
		j.segments = append(j.segments, s)
		j.bytes += s.size
		j.waiting += s.left
	}
	return nil
}

func (j *Journal) path(number uint64) string {
	return filepath.Join(j.folder, fmt.Sprintf("%016x%s", number, suffix))
}

// Append keeps a record and returns once it is on the disk. Callers that come together share one write to the disk.
// "journal_full" (unavailable) beyond the limit.
func (j *Journal) Append(data []byte) error {
	e := &entry{data: data}
	j.joining.Lock()
	j.batch = append(j.batch, e)
	j.joining.Unlock()

	j.turn.Lock()
	defer j.turn.Unlock()
	if e.done { // another caller wrote it with its own
		return e.err
	}
	j.joining.Lock()
	batch := j.batch
	j.batch = nil
	j.joining.Unlock()
	j.write(batch)
	return e.err
}

// write writes a batch and settles each of its entries.
func (j *Journal) write(batch []*entry) {
	var text []byte
	var taken []*entry
	for _, e := range batch {
		e.done = true
		switch framed := frameBytes + int64(len(e.data)); {
		case j.closed:
			e.err = errClosed
		case int64(len(e.data)) > maxRecord || j.bytes+int64(len(text))+framed > j.limit:
			e.err = desk.Errorf(desk.KindUnavailable, "journal_full", "the journal in %s holds %d of %d bytes: bring the database back, or make more room", j.folder, j.bytes, j.limit)
		default:
			text = frame(text, e.data)
			taken = append(taken, e)
		}
	}
	if len(taken) == 0 {
		return
	}
	err := j.append(text, len(taken))
	for _, e := range taken {
		e.err = err
	}
}

// append puts whole frames onto the newest segment. After an error nobody knows what the disk has of them: the segment
// counts up to where it was before, and is not written any more.
func (j *Journal) append(text []byte, records int) error {
	if j.active != nil && j.segments[len(j.segments)-1].size >= segmentBytes {
		j.retire()
	}
	if j.active == nil {
		if err := j.begin(); err != nil {
			return unavailable(err)
		}
	}
	s := j.segments[len(j.segments)-1]
	_, err := j.active.WriteAt(text, s.size)
	if err == nil {
		err = j.active.Sync()
	}
	if err != nil {
		_ = j.active.Truncate(s.size)
		j.retire()
		return unavailable(errors.Join(err, j.dropEmpty()))
	}
	s.size += int64(len(text))
	s.left += records
	j.bytes += int64(len(text))
	j.waiting += records
	return nil
}

func unavailable(err error) error {
	return desk.Errorf(desk.KindUnavailable, "journal_unavailable", "write journal: %w", err)
}

// begin makes the next segment, and its name durable.
func (j *Journal) begin() error {
	s := &segment{number: j.last + 1, path: j.path(j.last + 1)}
	f, err := os.OpenFile(s.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	if err := syncFolder(j.folder); err != nil {
		return errors.Join(err, f.Close(), os.Remove(s.path))
	}
	j.active, j.last = f, s.number
	j.segments = append(j.segments, s)
	return nil
}

// retire ends the writing of the newest segment.
func (j *Journal) retire() {
	if j.active != nil {
		_ = j.active.Close() // everything that counts was synced
		j.active = nil
	}
}

// Oldest reads the oldest records, at most limit and maybe fewer; none = the journal is empty.
func (j *Journal) Oldest(limit int) ([]Record, error) {
	j.turn.Lock()
	defer j.turn.Unlock()
	if len(j.segments) == 0 || j.closed {
		return nil, nil
	}
	records, err := j.segments[0].read(limit)
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	return records, nil
}

// Forget forgets a record that Oldest gave, and those before it.
func (j *Journal) Forget(r Record) error {
	j.turn.Lock()
	defer j.turn.Unlock()
	if len(j.segments) == 0 || j.segments[0].number != r.segment || j.closed {
		return nil // forgotten before
	}
	s := j.segments[0]
	j.waiting -= s.forget(r)
	if s.left > 0 {
		return nil
	}
	if len(j.segments) == 1 {
		j.retire()
	}
	return j.dropEmpty()
}

// dropEmpty removes the segments in which nothing is left and which are not written.
func (j *Journal) dropEmpty() error {
	var failed error
	kept := j.segments[:0]
	for _, s := range j.segments {
		if s.left > 0 || j.active != nil && s.number == j.last {
			kept = append(kept, s)
			continue
		}
		j.bytes -= s.size
		failed = errors.Join(failed, os.Remove(s.path))
	}
	j.segments = kept
	return failed
}

// Waiting is how many records are kept.
func (j *Journal) Waiting() int {
	j.turn.Lock()
	defer j.turn.Unlock()
	return j.waiting
}

// Holds reports whether records lie in any process's part of a folder: an emptied file is removed at once.
func Holds(folder string) (bool, error) {
	found, err := filepath.Glob(filepath.Join(folder, "*", "*"+suffix))
	return len(found) > 0, err
}

// Close lets another process have the folder.
func (j *Journal) Close() error {
	j.turn.Lock()
	defer j.turn.Unlock()
	if j.closed {
		return nil
	}
	j.closed = true
	j.retire()
	return j.lock.Close()
}
