package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	suffix     = ".journal"
	frameBytes = 8        // length and checksum before each record
	maxRecord  = 64 << 20 // a length beyond it is no length
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// segment is one file of records.
type segment struct {
	number uint64
	path   string
	passed int   // records that are forgotten
	head   int64 // where the first record lies that is not
	size   int64 // where the last whole record ends
	left   int   // records between
}

// frame puts a record onto a text: its length, a checksum over length and data, and the data.
func frame(text, data []byte) []byte {
	length := binary.LittleEndian.AppendUint32(nil, uint32(len(data)))
	text = append(text, length...)
	text = binary.LittleEndian.AppendUint32(text, checksum(length, data))
	return append(text, data...)
}

func checksum(length, data []byte) uint32 {
	return crc32.Update(crc32.Checksum(length, castagnoli), castagnoli, data)
}

// errTorn says that no whole record follows.
var errTorn = errors.New("torn record")

// next reads one record; io.EOF at the end, errTorn where it was cut off or is not what was written.
func next(r io.Reader) ([]byte, error) {
	var head [frameBytes]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, torn(err)
	}
	length := binary.LittleEndian.Uint32(head[:4])
	if length > maxRecord {
		return nil, errTorn
	}
	data := make([]byte, length)
	if _, err := io.ReadFull(r, data); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, errTorn
		}
		return nil, torn(err)
	}
	if checksum(head[:4], data) != binary.LittleEndian.Uint32(head[4:]) {
		return nil, errTorn
	}
	return data, nil
}

func torn(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errTorn
	}
	return err
}

// measure finds out how far a segment of an earlier process is whole. What a crash tore was not acknowledged: it is left out.
func (s *segment) measure() error {
	return s.each(0, func(_ []byte, end int64) bool {
		s.size = end
		s.left++
		return true
	})
}

// each calls fn for the whole records from a place on, with where each ends, until it says no.
func (s *segment) each(from int64, fn func(data []byte, end int64) bool) error {
	f, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	rest := io.NewSectionReader(f, from, max(info.Size()-from, 0))
	for {
		data, err := next(rest)
		if errors.Is(err, io.EOF) || errors.Is(err, errTorn) {
			return nil
		}
		if err != nil {
			return err
		}
		from += frameBytes + int64(len(data))
		if !fn(data, from) {
			return nil
		}
	}
}

// read reads the oldest records.
func (s *segment) read(limit int) (records []Record, err error) {
	err = s.each(s.head, func(data []byte, end int64) bool {
		if end <= s.size {
			records = append(records, Record{Data: data, segment: s.number, nth: s.passed + len(records), end: end})
		}
		return end < s.size && len(records) < limit
	})
	if err == nil && len(records) == 0 {
		err = fmt.Errorf("%s: %d records cannot be read any more", s.path, s.left)
	}
	return records, err
}

// forget passes a record and those before it, and says how many they were.
func (s *segment) forget(r Record) (gone int) {
	if gone = r.nth + 1 - s.passed; gone <= 0 {
		return 0
	}
	s.head = r.end
	s.passed += gone
	s.left -= gone
	return gone
}

// numbered lists the segments in a folder, oldest first.
func numbered(folder string) (numbers []uint64, err error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), suffix)
		if !ok {
			continue
		}
		number, err := strconv.ParseUint(name, 16, 64)
		if err != nil {
			return nil, fmt.Errorf("%s is no segment: %w", filepath.Join(folder, f.Name()), err)
		}
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	return numbers, nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
