package weir

/*
#include "glue.h"
*/
import "C"

import (
	"strconv"
	"sync/atomic"
	"unsafe"
)

// Config is the component's options: checked against its schema, with its defaults. `path` is a JSON pointer ("/columns/0"). What is
// absent gives zero or empty.
type Config struct{ raw *C.struct_weir_config }

// Text copies a text.
func (c Config) Text(path string) string {
	p, n := first(path)
	return text(C.weir_go_config_text(c.raw, p, n))
}

// Integer gives an integer: also a size in bytes, a duration in nanoseconds.
func (c Config) Integer(path string) int64 {
	p, n := first(path)
	return int64(C.weir_go_config_integer(c.raw, p, n))
}

// Number gives a number.
func (c Config) Number(path string) float64 {
	p, n := first(path)
	return float64(C.weir_go_config_number(c.raw, p, n))
}

// Boolean gives true or false.
func (c Config) Boolean(path string) bool {
	p, n := first(path)
	return C.weir_go_config_boolean(c.raw, p, n) != 0
}

// Has says whether anything stands there.
func (c Config) Has(path string) bool {
	p, n := first(path)
	return C.weir_go_config_kind(c.raw, p, n) != C.WEIR_CONFIG_ABSENT
}

// Count gives the elements of an array or an object.
func (c Config) Count(path string) int {
	p, n := first(path)
	return int(C.weir_go_config_count(c.raw, p, n))
}

// Key gives the name of an object's member, in the manifest's order.
func (c Config) Key(path string, index int) string {
	p, n := first(path)
	return text(C.weir_go_config_key(c.raw, p, n, C.uint64_t(index)))
}

// Texts gives the texts of an array.
func (c Config) Texts(path string) []string {
	texts := make([]string, c.Count(path))
	for i := range texts {
		texts[i] = c.Text(path + "/" + strconv.Itoa(i))
	}
	return texts
}

// Level says how much a line of the log matters.
type Level int32

// The levels.
const (
	Debug   Level = C.WEIR_LOG_DEBUG
	Info    Level = C.WEIR_LOG_INFO
	Warning Level = C.WEIR_LOG_WARNING
	Error   Level = C.WEIR_LOG_ERROR
)

func logTo(host *C.struct_weir_host, level Level, event, detail string) {
	e, eLength := first(event)
	d, dLength := first(detail)
	C.weir_go_log(host, C.int32_t(level), e, eLength, d, dLength)
}

// Context says who an instance is. Lent while it is made.
type Context struct{ raw *C.struct_weir_context }

// Config gives the options. Lent as the context is.
func (c *Context) Config() Config { return Config{c.raw.config} }

// Run, Link and Lane name what the instance is a part of.
func (c *Context) Run() string  { return text(c.raw.run) }
func (c *Context) Link() string { return text(c.raw.link) }
func (c *Context) Lane() string { return text(c.raw.lane) }

// Fence grows with each grant of a lane to a process.
func (c *Context) Fence() uint64 { return uint64(c.raw.fence) }

// Epoch is the lane's when the instance was made.
func (c *Context) Epoch() uint64 { return uint64(c.raw.epoch) }

// Expected is a reader's: the schema that was agreed, to be kept to; nil: tell yours.
func (c *Context) Expected() *Schema {
	if c.raw.expected == nil || *c.raw.expected == nil {
		return nil
	}
	agreed := readSchema(*c.raw.expected)
	return &agreed
}

// Cancelled says whether the call should return Cancelled soon.
func (c *Context) Cancelled() bool { return C.weir_go_cancelled(c.raw.host) != 0 }

// Now is in monotonic nanoseconds.
func (c *Context) Now() int64 { return int64(C.weir_go_now(c.raw.host)) }

// Log tells an event, a constant name ("split.retry"), and its detail, a JSON object or empty.
func (c *Context) Log(level Level, event, detail string) { logTo(c.raw.host, level, event, detail) }

// Outputs takes the schemas of a component's outputs, in their order. Lent for one call.
type Outputs struct{ raw *C.struct_weir_schema_sink }

// Put tells the schema of the next output.
func (o *Outputs) Put(schema Schema) error { return o.PutNamed("", schema) }

// PutNamed tells the schema of an output that the manifest knows by name.
func (o *Outputs) PutNamed(name string, schema Schema) error {
	made := (*C.struct_ArrowSchema)(C.calloc(1, C.sizeof_struct_ArrowSchema))
	defer C.free(unsafe.Pointer(made))
	schema.export(made)
	n, length := first(name)
	return passed(C.weir_go_put_schema(o.raw, n, length, made))
}

// Sink takes bytes: committables, what Finish will need. Lent for one call.
type Sink struct{ raw *C.struct_weir_sink }

// Put gives one item.
func (s *Sink) Put(bytes []byte) error {
	b, n := firstByte(bytes)
	return passed(C.weir_go_put(s.raw, b, n))
}

// Next is where rows go, and what else of the host a call may use. Lent for one call: an error of it is to be returned.
type Next struct {
	raw  *C.struct_weir_next
	host *C.struct_weir_host
	flag *int32
}

// Pushed says how rows are pushed.
type Pushed struct {
	Output  uint64
	Origins []uint32 // for each row the one of the batch in hand that it came from; a reader's: where its record begins, from Base
	Base    int64    // a reader's
}

// Push passes rows on, to the first output.
func (n *Next) Push(rows *Rows) error { return n.PushAs(rows, Pushed{Base: -1}) }

// PushAs passes rows on. They are the host's then, whatever is returned.
func (n *Next) PushAs(rows *Rows, how Pushed) error {
	var whole, origins C.struct_ArrowArray
	rows.export(&whole)
	if how.Origins != nil {
		column := numberArray(how.Origins, nil, 0)
		origins = column.raw
	}
	return passed(C.weir_go_push(n.raw, C.uint64_t(how.Output), &whole, &origins, C.int64_t(how.Base)))
}

// Select passes on these rows of the batch in hand, in this order: filters and routes need no more.
func (n *Next) Select(output uint64, rows []uint32) error {
	none := [1]uint32{} // a null pointer would mean: all of them
	if len(rows) == 0 {
		return passed(C.weir_go_select(n.raw, C.uint64_t(output), (*C.uint32_t)(&none[0]), 0))
	}
	return passed(C.weir_go_select(n.raw, C.uint64_t(output), (*C.uint32_t)(&rows[0]), C.uint64_t(len(rows))))
}

// SelectAll passes on all rows of the batch in hand.
func (n *Next) SelectAll(output uint64) error {
	return passed(C.weir_go_select(n.raw, C.uint64_t(output), nil, 0))
}

// Reject is a row that can't go on. Reason is a constant that can be counted, "not an integer"; the value goes into Detail.
type Reject struct {
	Row    int64 // a transformer's, a writer's: of the batch in hand; a reader's: -1
	Offset int64 // a reader's: where the record begins
	Record []byte
	Column string // empty: the whole row
	Reason string
	Detail string
}

// Reject sends a row to the reject sink.
func (n *Next) Reject(reject Reject) error {
	record, recordLength := firstByte(reject.Record)
	column, columnLength := first(reject.Column)
	reason, reasonLength := first(reject.Reason)
	detail, detailLength := first(reject.Detail)
	offset := reject.Offset
	if reject.Row >= 0 {
		offset = -1
	}
	return passed(C.weir_go_reject(n.raw, C.int64_t(reject.Row), C.int64_t(offset), record, recordLength, column, columnLength,
		reason, reasonLength, detail, detailLength))
}

// Drop says that so many rows were left out on purpose.
func (n *Next) Drop(count uint64, reason string) error {
	r, length := first(reason)
	return passed(C.weir_go_drop(n.raw, C.uint64_t(count), r, length))
}

// Cancelled says whether the call should return Cancelled soon: ask at least once a second while it waits.
func (n *Next) Cancelled() bool { return atomic.LoadInt32(n.flag) != 0 }

// Now is in monotonic nanoseconds: what deadlines count in.
func (n *Next) Now() int64 { return int64(C.weir_go_now(n.host)) }

// Log tells an event, as a Context does.
func (n *Next) Log(level Level, event, detail string) { logTo(n.host, level, event, detail) }
