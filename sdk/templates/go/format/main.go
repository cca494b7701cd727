// {{name}}: a format. It reads each line of a text as a row, and writes rows as lines.
package main

import "C"

import (
	"bytes"
	_ "embed"
	"strings"
	"unicode/utf8"

	"weir"
)

const piece = 1 << 20 // bytes that are read at once

//go:embed schema.json
var schema []byte

func init() {
	weir.Plugin(schema, weir.FormatComponent{Name: "{{name}}", Sniff: sniff, OpenReader: openReader, OpenEncoder: openEncoder, Flushes: true})
}

func main() {}

func sniff(found weir.Sniff) int {
	if strings.HasSuffix(found.Name, ".{{name}}") {
		return 90
	}
	return 0
}

type lines struct {
	input  *weir.Input
	bytes  []byte // read, and not pushed yet
	offset int64  // in the input, of the first of them
}

func openReader(context *weir.Context, input *weir.Input, _ []byte, outputs *weir.Outputs) (weir.Reader, error) {
	rows := weir.Schema{Fields: []weir.Field{{Name: context.Config().Text("/column"), Format: "u"}}}
	return &lines{input: input}, outputs.Put(rows)
}

// Reads a piece, and pushes the lines that end in it, each with the place where it began.
func (l *lines) Read(deadline int64, next *weir.Next) (weir.Outcome, error) {
	kept := len(l.bytes)
	l.bytes = append(l.bytes, make([]byte, piece)...)
	got, outcome, err := l.input.Read(l.bytes[kept:], deadline)
	l.bytes = l.bytes[:kept+got]
	if err != nil {
		return outcome, err
	}
	end := len(l.bytes)
	if outcome != weir.End {
		end = bytes.LastIndexByte(l.bytes, '\n') + 1
	}
	if end > 0 {
		err = l.push(end, next)
	}
	return outcome, err
}

func (l *lines) push(end int, next *weir.Next) error {
	var texts weir.TextBuilder
	var origins []uint32
	for begin := 0; begin < end; {
		stop, after := end, end
		if i := bytes.IndexByte(l.bytes[begin:end], '\n'); i >= 0 {
			stop, after = begin+i, begin+i+1
		}
		line := l.bytes[begin:stop]
		if !utf8.Valid(line) {
			return weir.DataFailure(l.offset+int64(begin+invalidAt(line)), "expected UTF-8, found another byte")
		}
		texts.AppendBytes(bytes.TrimSuffix(line, []byte{'\r'}))
		origins = append(origins, uint32(begin))
		begin = after
	}
	base := l.offset
	l.bytes = append(l.bytes[:0], l.bytes[end:]...)
	l.offset += int64(end)
	return next.PushAs(weir.RowsOf(texts.Finish()), weir.Pushed{Origins: origins, Base: base})
}

func invalidAt(text []byte) int {
	for at := 0; at < len(text); {
		letter, size := utf8.DecodeRune(text[at:])
		if letter == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
	return len(text)
}

type encoder struct{ output *weir.Output }

func openEncoder(_ *weir.Context, input weir.Schema, stored *weir.Outputs, output *weir.Output) (weir.Encoder, error) {
	if len(input.Fields) != 1 || input.Fields[0].Format != "u" {
		return nil, &weir.Failure{Status: weir.InvalidArgument, Fault: weir.FaultManifest,
			Message: "expected one column of type string, found others", Hint: "a select before the load can keep one"}
	}
	return &encoder{output}, stored.Put(input)
}

func (e *encoder) Encode(batch *weir.Batch, _ *weir.Next) error {
	texts, err := batch.Texts(0)
	if err != nil {
		return err
	}
	var written []byte
	for row := 0; row < batch.Len(); row++ {
		text, _ := texts.Bytes(row)
		written = append(append(written, text...), '\n')
	}
	return e.output.Write(written)
}

func (e *encoder) End() error { return nil }

// All rows are in the output already, so a file may go on after a checkpoint.
func (e *encoder) Flush() error { return nil }
