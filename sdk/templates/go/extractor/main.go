// {{name}}: an extractor. It counts from one number to another.
package main

import "C"

import (
	_ "embed"

	"weir"
)

const batchRows = 65536

//go:embed schema.json
var schema []byte

func init() {
	weir.Plugin(schema, weir.ExtractorComponent{Name: "{{name}}", Traits: traits, Plan: plan, Open: open})
}

func main() {}

type counter struct{ next, last int64 }

// The same rows come again each time: the host counts them, and skips to where it was.
func traits(_ weir.Config, traits *weir.Traits) error {
	traits.ReplayExact()
	return nil
}

// One split holds all. Several would be read side by side.
func plan(_ *weir.Context, _ []byte, plan *weir.Plan) (bool, error) {
	return false, plan.Add(weir.Split{ID: "all"})
}

func open(context *weir.Context, _ weir.Split, _ []byte, outputs *weir.Outputs) (weir.Reader, error) {
	config := context.Config()
	rows := weir.Schema{Fields: []weir.Field{{Name: "n", Format: "l", NotNull: true}}}
	return &counter{config.Integer("/from"), config.Integer("/to")}, outputs.Put(rows)
}

// Pushes one batch. What waits for data looks at the deadline.
func (c *counter) Read(_ int64, next *weir.Next) (weir.Outcome, error) {
	if c.next > c.last {
		return weir.End, nil
	}
	var numbers weir.NumberBuilder[int64]
	for ; c.next <= c.last && numbers.Len() < batchRows; c.next++ {
		numbers.Append(c.next)
	}
	if err := next.Push(weir.RowsOf(numbers.Finish())); err != nil || c.next <= c.last {
		return weir.More, err
	}
	return weir.End, nil
}
