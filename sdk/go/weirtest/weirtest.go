// Package weirtest is a small host for the tests of a plugin: it calls the plugin's own tables, and keeps what they pass on. It checks
// nothing that the real host checks: `weir plugin test` does that.
package weirtest

/*
#cgo CFLAGS: -I${SRCDIR}/../../include -I${SRCDIR}/../../../../../include
#include "host.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime/cgo"
	"unsafe"

	"weir"
)

// Options of a component by JSON pointer: {"/column": "name", "/columns/0": "a", "/rows": 10}. Values are string, int, float64, bool.
type Options map[string]any

// Rejected is a row that was rejected.
type Rejected struct {
	Row                    int64
	Column, Reason, Detail string
}

// Struct is a value of a column of structs: one for each field. A list is a []any, a decimal a weir.Decimal.
type Struct []any

// Outcome is what a component came to.
type Outcome struct {
	Schemas  []weir.Schema // of its outputs
	Rows     [][]any       // pushed, or of the batch in hand selected, to any output; a null is nil
	Rejected []Rejected
	Dropped  uint64
	Bytes    [][]byte // written, prepared or published: one a call
	Stored   int64    // rows that a loader's receipt tells
}

type split struct {
	id    string
	token []byte
}

// A host for one call of this package.
type host struct {
	raw     *C.struct_test_host
	options Options
	outcome Outcome
	splits  []split
	inHand  [][]any
	kept    []unsafe.Pointer // of C's memory, until the end
	handle  cgo.Handle
	problem *C.struct_weir_error // in C's memory
}

func newHost(options Options, bytes []byte, step int) *host {
	h := &host{options: options, problem: (*C.struct_weir_error)(C.calloc(1, C.sizeof_struct_weir_error))}
	h.kept = append(h.kept, unsafe.Pointer(h.problem))
	h.handle = cgo.NewHandle(h)
	h.raw = C.test_host_new(C.uintptr_t(h.handle), C.CBytes(bytes), C.size_t(len(bytes)), C.size_t(step))
	return h
}

func (h *host) end() {
	for _, memory := range h.kept {
		C.free(memory)
	}
	C.test_host_free(h.raw)
	h.handle.Delete()
}

func (h *host) table(name string, kind C.int32_t) (unsafe.Pointer, error) {
	c := C.CString(name)
	defer C.free(unsafe.Pointer(c))
	table := C.test_table((*C.struct_weir_plugin)(weir.Description()), c, kind)
	if table == nil {
		return nil, fmt.Errorf("expected the component %q of the plugin, found none of its kind", name)
	}
	return table, nil
}

// Where a call puts its error.
func (h *host) error() *C.struct_weir_error {
	*h.problem = C.struct_weir_error{size: C.sizeof_struct_weir_error, row: -1, offset: -1}
	return h.problem
}

func (h *host) told(status C.weir_status) error {
	if status == C.WEIR_OK {
		return nil
	}
	field := func(first *C.char) string { return C.GoString(first) }
	return &weir.Failure{Status: weir.Status(status), Fault: weir.Fault(h.problem.fault), Message: field(&h.problem.message[0]),
		Hint: field(&h.problem.hint[0]), Option: field(&h.problem.option[0])}
}

// Calls with an instance's place in C's memory.
func withSelf(call func(self *unsafe.Pointer) error) (unsafe.Pointer, error) {
	place := (*unsafe.Pointer)(C.calloc(1, C.size_t(unsafe.Sizeof(uintptr(0)))))
	defer C.free(unsafe.Pointer(place))
	err := call(place)
	return *place, err
}

func withSchema(schema weir.Schema, call func(raw *C.struct_ArrowSchema) error) error {
	raw := (*C.struct_ArrowSchema)(C.calloc(1, C.sizeof_struct_ArrowSchema))
	defer C.free(unsafe.Pointer(raw))
	schema.Export(unsafe.Pointer(raw))
	defer C.test_release_schema(raw)
	return call(raw)
}

// Lends rows as one batch.
func (h *host) give(schema weir.Schema, rows [][]any, call func(batch *C.struct_weir_batch) C.weir_status) error {
	batch := (*C.struct_weir_batch)(C.calloc(1, C.sizeof_struct_weir_batch))
	defer C.free(unsafe.Pointer(batch))
	batch.size = C.sizeof_struct_weir_batch
	batch.base = -1
	made, err := rowsOf(schema, rows)
	if err != nil {
		return err
	}
	made.Export(unsafe.Pointer(&batch.rows))
	defer C.test_release_array(&batch.rows)
	h.inHand = rows
	return h.told(call(batch))
}

// Transform makes a transformer for rows of `input`, gives it the rows as one batch, flushes and ends it.
func Transform(name string, options Options, input weir.Schema, rows ...[]any) (*Outcome, error) {
	h := newHost(options, nil, 1)
	defer h.end()
	table, err := h.table(name, C.WEIR_KIND_TRANSFORMER)
	if err != nil {
		return nil, err
	}
	err = withSchema(input, func(raw *C.struct_ArrowSchema) error {
		self, err := withSelf(func(self *unsafe.Pointer) error { return h.told(C.test_create(table, h.raw, raw, self, h.error())) })
		if err != nil {
			return err
		}
		defer C.test_destroy(table, self)
		err = h.give(input, rows, func(batch *C.struct_weir_batch) C.weir_status {
			return C.test_process(table, self, batch, h.raw, h.error())
		})
		if err != nil {
			return err
		}
		return h.told(C.test_flush(table, self, h.raw, h.error()))
	})
	return &h.outcome, err
}

func (h *host) readAll(reader *C.struct_weir_reader, self unsafe.Pointer) error {
	defer C.test_close(reader, self)
	for outcome := C.int32_t(C.WEIR_READ_MORE); outcome == C.WEIR_READ_MORE || outcome == C.WEIR_READ_IDLE; {
		if err := h.told(C.test_read(reader, self, h.raw, &outcome, h.error())); err != nil {
			return err
		}
	}
	return nil
}

// Extract plans, and reads every split to its end.
func Extract(name string, options Options) (*Outcome, error) {
	h := newHost(options, nil, 1)
	defer h.end()
	table, err := h.table(name, C.WEIR_KIND_EXTRACTOR)
	if err == nil {
		err = h.told(C.test_plan(table, h.raw, h.error()))
	}
	for _, one := range h.splits {
		if err != nil {
			break
		}
		id, token := C.CString(one.id), C.CBytes(one.token)
		h.kept = append(h.kept, unsafe.Pointer(id), token)
		var self unsafe.Pointer
		self, err = withSelf(func(self *unsafe.Pointer) error {
			return h.told(C.test_open_split(table, h.raw, id, token, C.size_t(len(one.token)), self, h.error()))
		})
		if err == nil {
			err = h.readAll(C.test_split_reader(table), self)
		}
	}
	return &h.outcome, err
}

// Load writes rows as one epoch, prepares it, and commits it as the loader can.
func Load(name string, options Options, input weir.Schema, rows ...[]any) (*Outcome, error) {
	h := newHost(options, nil, 1)
	defer h.end()
	table, err := h.table(name, C.WEIR_KIND_LOADER)
	if err != nil {
		return nil, err
	}
	err = withSchema(input, func(raw *C.struct_ArrowSchema) error {
		self, err := withSelf(func(self *unsafe.Pointer) error {
			return h.told(C.test_open_writer(table, h.raw, raw, self, h.error()))
		})
		if err != nil {
			return err
		}
		defer C.test_close_writer(table, self)
		err = h.give(input, rows, func(batch *C.struct_weir_batch) C.weir_status {
			return C.test_write(table, self, batch, h.raw, h.error())
		})
		if err != nil {
			return err
		}
		var stored C.int64_t
		err = h.told(C.test_prepare(table, self, h.raw, &stored, h.error()))
		h.outcome.Stored = int64(stored)
		return err
	})
	if err != nil {
		return &h.outcome, err
	}
	return &h.outcome, h.commit(table)
}

func (h *host) commit(table unsafe.Pointer) error {
	told := h.outcome.Bytes
	h.outcome.Bytes = nil
	raw := (*C.struct_weir_bytes)(C.calloc(C.size_t(len(told)+1), C.sizeof_struct_weir_bytes))
	h.kept = append(h.kept, unsafe.Pointer(raw))
	for i, bytes := range told {
		memory := C.CBytes(bytes)
		h.kept = append(h.kept, memory)
		unsafe.Slice(raw, len(told))[i] = C.struct_weir_bytes{data: (*C.uint8_t)(memory), length: C.uint64_t(len(bytes))}
	}
	return h.told(C.test_commit(table, h.raw, raw, C.size_t(len(told)), h.error()))
}

// Read reads an input of these bytes to its end, at most `step` bytes at a time.
func Read(name string, options Options, bytes []byte, step int) (*Outcome, error) {
	h := newHost(options, bytes, step)
	defer h.end()
	table, err := h.table(name, C.WEIR_KIND_FORMAT)
	if err != nil {
		return nil, err
	}
	reader := C.test_format_reader(table)
	if reader == nil {
		return nil, errors.New("the format can't read")
	}
	self, err := withSelf(func(self *unsafe.Pointer) error { return h.told(C.test_open_reader(table, h.raw, self, h.error())) })
	if err == nil {
		err = h.readAll(reader, self)
	}
	return &h.outcome, err
}

// Write writes rows as one batch: what is written is the outcome's Bytes.
func Write(name string, options Options, input weir.Schema, rows ...[]any) (*Outcome, error) {
	h := newHost(options, nil, 1)
	defer h.end()
	table, err := h.table(name, C.WEIR_KIND_FORMAT)
	if err != nil {
		return nil, err
	}
	err = withSchema(input, func(raw *C.struct_ArrowSchema) error {
		self, err := withSelf(func(self *unsafe.Pointer) error {
			return h.told(C.test_open_encoder(table, h.raw, raw, self, h.error()))
		})
		if err != nil {
			return err
		}
		defer C.test_close_encoder(table, self)
		err = h.give(input, rows, func(batch *C.struct_weir_batch) C.weir_status {
			return C.test_encode(table, self, batch, h.raw, h.error())
		})
		if err != nil {
			return err
		}
		return h.told(C.test_end(table, self, h.error()))
	})
	return &h.outcome, err
}
