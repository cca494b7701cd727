// {{name}}: a loader. It writes a column as lines, into a file an epoch that gets its name when the epoch is committed.
package main

import "C"

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"weir"
)

//go:embed schema.json
var schema []byte

func init() {
	weir.Plugin(schema, weir.LoaderComponent{Name: "{{name}}", Traits: traits, Open: open, OpenCommitter: openCommitter})
}

func main() {}

// A folder, and what the names in it begin with: run and lane, so that what a dead writer left can be found. The dot hides what is not
// committed.
type place struct{ folder, prefix string }

func placeOf(context *weir.Context) place {
	return place{context.Config().Text("/folder"), "." + context.Run() + "-" + context.Lane() + "-"}
}

func cannot(what, file string, problem error) error {
	return &weir.Failure{Status: weir.Unknown, Fault: weir.FaultDestination,
		Message: fmt.Sprintf("expected to %s '%s', found: %v", what, file, problem),
		Hint:    "see that the folder is there, and may be written"}
}

func traits(_ weir.Config, traits *weir.Traits) error {
	traits.TwoPhase()
	traits.MaxInstances(1)
	return nil
}

type writer struct {
	place
	name   string
	column int
	lines  []byte // of the epoch
	rows   int64
}

func open(context *weir.Context, inputs []weir.Schema, stored *weir.Outputs) (weir.Writer, error) {
	name := context.Config().Text("/column")
	column, err := inputs[0].Column(name, "u", "/column")
	if err != nil {
		return nil, err
	}
	return &writer{place: placeOf(context), name: name, column: column}, stored.Put(inputs[0])
}

func (w *writer) Write(_ uint64, batch *weir.Batch, next *weir.Next) error {
	texts, err := batch.Texts(w.column)
	if err != nil {
		return err
	}
	for row := 0; row < batch.Len(); row++ {
		text, valid := texts.Bytes(row)
		if !valid {
			if err := next.Reject(weir.Reject{Row: int64(row), Column: w.name, Reason: "null"}); err != nil {
				return err
			}
			continue
		}
		w.lines = append(append(w.lines, text...), '\n')
		w.rows++
	}
	return nil
}

// After it the epoch's lines are on the disk, and nobody sees them yet.
func (w *writer) Prepare(epoch uint64, committable *weir.Sink, receipts []weir.Receipt) error {
	receipts[0].Rows(w.rows)
	if w.rows == 0 {
		return nil
	}
	name := w.prefix + strconv.FormatUint(epoch, 10) + ".txt"
	if err := save(filepath.Join(w.folder, name), w.lines); err != nil {
		return cannot("write", filepath.Join(w.folder, name), err)
	}
	w.lines, w.rows = nil, 0
	return committable.Put([]byte(name))
}

func save(path string, bytes []byte) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(bytes); err != nil {
		return err
	}
	return file.Sync()
}

func openCommitter(context *weir.Context) (any, error) { return &publisher{placeOf(context)}, nil }

// It may be in another process than the writers, which may be dead.
type publisher struct{ place }

// A file that is not there has its name already: by a call that never returned.
func (p *publisher) Commit(_ uint64, committables [][]byte, published *weir.Sink) error {
	for _, name := range committables {
		from := filepath.Join(p.folder, string(name))
		if err := os.Rename(from, filepath.Join(p.folder, string(name[1:]))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return cannot("rename", from, err)
		}
		if err := published.Put(name); err != nil {
			return err
		}
	}
	return nil
}

// Takes away every staged file of this lane from `epoch` on, told or not.
func (p *publisher) Abort(epoch uint64, _ [][]byte) error {
	entries, err := os.ReadDir(p.folder)
	if err != nil {
		return cannot("read", p.folder, err)
	}
	for _, entry := range entries {
		number := strings.TrimSuffix(strings.TrimPrefix(entry.Name(), p.prefix), ".txt")
		which, err := strconv.ParseUint(number, 10, 64)
		if err != nil || which < epoch || !strings.HasPrefix(entry.Name(), p.prefix) {
			continue
		}
		if err := os.Remove(filepath.Join(p.folder, entry.Name())); err != nil {
			return cannot("remove", filepath.Join(p.folder, entry.Name()), err)
		}
	}
	return nil
}
