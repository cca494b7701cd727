// access_log: a transformer in Go. It parses lines of a web server's log.
package main

import "C"

import (
	_ "embed"
	"errors"
	"regexp"
	"strconv"
	"time"

	"weir"
)

//go:embed schema.json
var schema []byte

func init() {
	weir.Plugin(schema, weir.TransformerComponent{Name: "access_log", Create: create})
}

func main() {}

type parser struct {
	name   string
	column int
}

func create(context *weir.Context, inputs []weir.Schema, outputs *weir.Outputs) (weir.Transformer, error) {
	name := context.Config().Text("/column")
	column, err := inputs[0].Column(name, "u", "/column")
	if err != nil {
		return nil, err
	}
	return &parser{name, column}, outputs.Put(weir.Schema{Fields: []weir.Field{
		{Name: "host", Format: "u", NotNull: true}, {Name: "at", Format: "tsu:UTC", NotNull: true},
		{Name: "method", Format: "u", NotNull: true}, {Name: "path", Format: "u", NotNull: true},
		{Name: "status", Format: "l", NotNull: true}, {Name: "bytes", Format: "l"}}})
}

// host, who, user, [time], "method path protocol", status, bytes; the Combined format goes on.
var form = regexp.MustCompile(`^(\S+) \S+ \S+ \[([^\]]+)\] "([A-Z]+) (\S+)(?: [^"]*)?" (\d{3}) (\d+|-)(?: .*)?$`)

type line struct {
	host, method, path string
	at, status, bytes  int64
	hasBytes           bool
}

var errForm = errors.New("expected host, time, request, status and bytes")

func parse(text string) (line, error) {
	part := form.FindStringSubmatch(text)
	if part == nil {
		return line{}, errForm
	}
	at, err := time.Parse("02/Jan/2006:15:04:05 -0700", part[2])
	if err != nil {
		return line{}, errors.New("expected a time such as 10/Oct/2000:13:55:36 -0700, found " + strconv.Quote(part[2]))
	}
	status, _ := strconv.ParseInt(part[5], 10, 64)
	bytes, err := strconv.ParseInt(part[6], 10, 64)
	if err != nil && part[6] != "-" {
		return line{}, errors.New("expected a number of bytes, found " + strconv.Quote(part[6]))
	}
	return line{part[1], part[3], part[4], at.UnixMicro(), status, bytes, part[6] != "-"}, nil
}

// The columns that are made, and the rows that they came from: so a reject further down still has its place in the source.
type columns struct {
	host, method, path weir.TextBuilder
	at, status, bytes  weir.NumberBuilder[int64]
	origins            []uint32
}

func (c *columns) append(row int, one line) {
	c.host.Append(one.host)
	c.at.Append(one.at)
	c.method.Append(one.method)
	c.path.Append(one.path)
	c.status.Append(one.status)
	if one.hasBytes {
		c.bytes.Append(one.bytes)
	} else {
		c.bytes.AppendNull()
	}
	c.origins = append(c.origins, uint32(row))
}

func (p *parser) Process(_ uint64, batch *weir.Batch, next *weir.Next) error {
	lines, err := batch.Texts(p.column)
	if err != nil {
		return err
	}
	var made columns
	for row := 0; row < batch.Len(); row++ {
		text, _ := lines.Get(row)
		one, err := parse(text)
		if err == nil {
			made.append(row, one)
			continue
		}
		reject := weir.Reject{Row: int64(row), Column: p.name, Reason: "not a line of a web server's log", Detail: err.Error()}
		if err := next.Reject(reject); err != nil {
			return err
		}
	}
	rows := weir.RowsOf(made.host.Finish(), made.at.Finish(), made.method.Finish(), made.path.Finish(), made.status.Finish(),
		made.bytes.Finish())
	return next.PushAs(rows, weir.Pushed{Origins: made.origins, Base: -1})
}
