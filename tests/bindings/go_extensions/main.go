// Components that offer weir.state/1 and weir.pushdown/1, and ask for weir.memory/1.
package main

import "C"

import (
	_ "embed"
	"encoding/binary"
	"strconv"
	"strings"

	"weir"
)

//go:embed schema.json
var schema []byte

const kept = 1 << 10 // bytes, for the sake of the count

type running struct {
	column int
	sum    int64
	told   bool
	memory *weir.Reserved
}

func create(context *weir.Context, inputs []weir.Schema, outputs *weir.Outputs) (weir.Transformer, error) {
	column, err := inputs[0].Column(context.Config().Text("/column"), "l", "/column")
	if err != nil {
		return nil, err
	}
	made := weir.Schema{Fields: append(append([]weir.Field{}, inputs[0].Fields...), weir.Field{Name: "running", Format: "l", NotNull: true})}
	if err := outputs.Put(made); err != nil {
		return nil, err
	}
	memory := context.Reserved()
	return &running{column: column, memory: memory}, memory.Set(kept)
}

// Close gives back what was reserved.
func (r *running) Close() { r.memory.Release() }

func (r *running) Process(_ uint64, batch *weir.Batch, next *weir.Next) error {
	numbers, err := weir.Numbers[int64](batch, r.column)
	if err != nil {
		return err
	}
	var sums weir.NumberBuilder[int64]
	for row := 0; row < batch.Len(); row++ {
		number, _ := numbers.Get(row)
		r.sum += number
		sums.Append(r.sum)
	}
	r.told = r.told && batch.Len() == 0
	rows := batch.Take()
	rows.Append(sums.Finish())
	return next.Push(rows)
}

func (r *running) Snapshot(changes *weir.Changes) error {
	if r.told {
		return nil
	}
	r.told = true
	return changes.Put([]byte("sum"), binary.LittleEndian.AppendUint64(nil, uint64(r.sum)))
}

func (r *running) Restore(items []weir.Item, _ bool) error {
	for _, item := range items {
		if string(item.Key) != "sum" || len(item.Value) != 8 {
			return &weir.Failure{Status: weir.FailedPrecondition, Fault: weir.FaultData, Message: "expected a sum, found another item"}
		}
		r.sum = int64(binary.LittleEndian.Uint64(item.Value))
	}
	return nil
}

func init() {
	weir.Plugin(schema, weir.TransformerComponent{Name: "running", Create: create, Remembers: true, Traits: traits},
		weir.ExtractorComponent{Name: "squares", Plan: plan, Open: open, OpenWanted: openWanted},
		weir.FormatComponent{Name: "squared", Sniff: sniff, OpenReader: openReader, OpenReaderWanted: openReaderWanted})
}

func traits(_ weir.Config, traits *weir.Traits) error {
	traits.Scope(1)
	traits.Ordered()
	traits.KeepsRows()
	return nil
}

// made are the columns that are made, and the least number that is.
type made struct {
	names []string
	least int64
}

func tell(wanted weir.Wanted, outputs *weir.Outputs) (made, error) {
	m, told := made{}, weir.Schema{}
	for _, name := range []string{"n", "square"} {
		if len(wanted.Columns) == 0 || strings.Contains(" "+strings.Join(wanted.Columns, " ")+" ", " "+name+" ") {
			m.names = append(m.names, name)
			told.Fields = append(told.Fields, weir.Field{Name: name, Format: "l", NotNull: true})
		}
	}
	for _, condition := range wanted.Conditions {
		constant, err := weir.NumbersOf[int64](condition.Constant)
		if err != nil || condition.Column != "n" || condition.Is != weir.GreaterOrEqual {
			continue
		}
		if least, valid := constant.Get(0); valid && least > m.least {
			m.least = least
		}
	}
	return m, outputs.Put(told)
}

func (m made) rows(numbers []int64) *weir.Rows {
	var columns []weir.Array
	for _, name := range m.names {
		var column weir.NumberBuilder[int64]
		for _, n := range numbers {
			if name == "square" {
				n *= n
			}
			column.Append(n)
		}
		columns = append(columns, column.Finish())
	}
	return weir.RowsOf(columns...)
}

func plan(_ *weir.Context, _ []byte, plan *weir.Plan) (bool, error) {
	return false, plan.Add(weir.Split{ID: "all"})
}

func open(context *weir.Context, split weir.Split, position []byte, outputs *weir.Outputs) (weir.Reader, error) {
	return openWanted(context, split, position, []weir.Wanted{{}}, outputs)
}

type squares struct{ made }

func openWanted(_ *weir.Context, _ weir.Split, _ []byte, wanted []weir.Wanted, outputs *weir.Outputs) (weir.Reader, error) {
	m, err := tell(wanted[0], outputs)
	return squares{m}, err
}

func (s squares) Read(_ int64, next *weir.Next) (weir.Outcome, error) {
	var numbers []int64
	for n := s.least; n < 100; n++ {
		numbers = append(numbers, n)
	}
	return weir.End, next.Push(s.rows(numbers))
}

type squared struct {
	made
	input *weir.Input
	text  []byte
}

func sniff(found weir.Sniff) int {
	if strings.HasSuffix(found.Name, ".squared") {
		return 90
	}
	return 0
}

func openReader(context *weir.Context, input *weir.Input, position []byte, outputs *weir.Outputs) (weir.Reader, error) {
	return openReaderWanted(context, input, position, weir.Wanted{}, outputs)
}

func openReaderWanted(_ *weir.Context, input *weir.Input, _ []byte, wanted weir.Wanted, outputs *weir.Outputs) (weir.Reader, error) {
	m, err := tell(wanted, outputs)
	return &squared{made: m, input: input}, err
}

func (s *squared) Read(deadline int64, next *weir.Next) (weir.Outcome, error) {
	piece := make([]byte, 1<<16)
	got, outcome, err := s.input.Read(piece, deadline)
	s.text = append(s.text, piece[:got]...)
	if err != nil || outcome != weir.End {
		return outcome, err
	}
	var numbers []int64
	var origins []uint32
	at := 0
	for _, line := range strings.SplitAfter(string(s.text), "\n") {
		if line == "" {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSuffix(line, "\n"), 10, 64)
		if err != nil {
			return weir.End, weir.DataFailure(int64(at), "expected a number, found another text")
		}
		if n >= s.least {
			numbers, origins = append(numbers, n), append(origins, uint32(at))
		}
		at += len(line)
	}
	return weir.End, next.PushAs(s.rows(numbers), weir.Pushed{Origins: origins})
}

func main() {}
