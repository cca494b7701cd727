// A transformer that offers weir.state/1, and asks for weir.memory/1.
package main

import "C"

import (
	_ "embed"
	"encoding/binary"

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
	weir.Plugin(schema, weir.TransformerComponent{Name: "running", Create: create, Remembers: true, Traits: traits})
}

func traits(_ weir.Config, traits *weir.Traits) error {
	traits.Scope(1)
	traits.Ordered()
	traits.KeepsRows()
	return nil
}

func main() {}
