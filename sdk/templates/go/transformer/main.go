// {{name}}: a transformer. It takes white space off the ends of the texts of a column.
package main

import "C"

import (
	"bytes"
	_ "embed"

	"weir"
)

//go:embed schema.json
var schema []byte

func init() {
	weir.Plugin(schema, weir.TransformerComponent{Name: "{{name}}", Traits: traits, Create: create})
}

func main() {}

type trim struct{ column int }

func traits(_ weir.Config, traits *weir.Traits) error {
	traits.KeepsRows() // output row i is always input row i
	return nil
}

func create(context *weir.Context, inputs []weir.Schema, outputs *weir.Outputs) (weir.Transformer, error) {
	column, err := inputs[0].Column(context.Config().Text("/column"), "u", "/column")
	if err != nil {
		return nil, err
	}
	return &trim{column}, outputs.Put(inputs[0])
}

func (t *trim) Process(_ uint64, batch *weir.Batch, next *weir.Next) error {
	texts, err := batch.Texts(t.column)
	if err != nil {
		return err
	}
	var trimmed weir.TextBuilder
	for row := 0; row < batch.Len(); row++ {
		if text, valid := texts.Bytes(row); valid {
			trimmed.AppendBytes(bytes.Trim(text, " \t\r\n"))
		} else {
			trimmed.AppendNull()
		}
	}
	rows := batch.Take()
	rows.Replace(t.column, trimmed.Finish())
	return next.Push(rows)
}
