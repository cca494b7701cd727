// Package weir is for plugins in Go, through cgo. A component is a value of TransformerComponent, ExtractorComponent, LoaderComponent or
// FormatComponent; Plugin names them, in an init function. What each call may do, which threads it comes on, and what the host does with
// an error, says the manual weir.h.
//
// A panic does not leave a call: the host gets it as an error of status Internal with its place in the source.
package weir

/*
#cgo CFLAGS: -I${SRCDIR}/../include -I${SRCDIR}/../../../../include
#include "glue.h"
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"unsafe"
)

// Component is one of the four kinds.
type Component interface {
	// Puts it at a slot of its kind, fills in its kind, table and extensions, and gives its name.
	install(slots *slots, made *C.struct_weir_component) (name string)
}

// The components of each kind, in the order of their slots.
type slots struct {
	transformers []TransformerComponent
	extractors   []ExtractorComponent
	loaders      []LoaderComponent
	formats      []FormatComponent
}

var (
	installed slots
	described *C.struct_weir_plugin
)

// The parts of schema.json that the description repeats.
type schemaFile struct {
	Name       string
	Version    string
	Components map[string]json.RawMessage
}

// Plugin defines the plugin of its schema.json and its components; once, in an init function. What does not fit panics, and the plugin
// can't be loaded.
func Plugin(schema []byte, components ...Component) {
	if described != nil {
		panic("weir.Plugin: expected it to be called once, found it called twice")
	}
	var file schemaFile
	if err := json.Unmarshal(schema, &file); err != nil {
		panic("schema.json: expected JSON: " + err.Error())
	}
	table := (*[1 << 20]*C.struct_weir_component)(C.calloc(C.size_t(len(components)+1), C.size_t(unsafe.Sizeof(uintptr(0)))))
	for i, component := range components {
		made := (*C.struct_weir_component)(C.calloc(1, C.sizeof_struct_weir_component))
		name := component.install(&installed, made)
		about, told := file.Components[name]
		if !told {
			panic(fmt.Sprintf("schema.json: expected the component %q, found none", name))
		}
		made.size = C.sizeof_struct_weir_component
		made.name = keptText(name)
		made.about = keptText(string(about))
		table[i] = made
	}
	described = (*C.struct_weir_plugin)(unsafe.Pointer(C.weir_go_plugin(keptText(file.Name), keptText(file.Version), C.uint64_t(len(components)), &table[0])))
}

// What weir_plugin_v1 of glue.c returns; it waits until Go's init functions have run.
//
//export goPlugin
func goPlugin() *C.struct_weir_plugin {
	return described
}

// A text of C's memory, which lasts as long as the process.
func keptText(text string) C.struct_weir_string {
	return C.struct_weir_string{data: C.CString(text), length: C.uint64_t(len(text))}
}

func slotOf(taken int) int {
	if taken >= C.WEIR_GO_SLOTS {
		panic(fmt.Sprintf("weir.Plugin: expected at most %d components of a kind, found more", int(C.WEIR_GO_SLOTS)))
	}
	return taken
}

// Lent to C for one call: the first byte of a text, or null.
func first(text string) (*C.char, C.uint64_t) {
	if text == "" {
		return nil, 0
	}
	bytes := []byte(text)
	return (*C.char)(unsafe.Pointer(&bytes[0])), C.uint64_t(len(bytes))
}

func firstByte(bytes []byte) (*C.uint8_t, C.uint64_t) {
	if len(bytes) == 0 {
		return nil, 0
	}
	return (*C.uint8_t)(unsafe.Pointer(&bytes[0])), C.uint64_t(len(bytes))
}

// A copy of C's text or bytes.
func text(raw C.struct_weir_string) string {
	return C.GoStringN(raw.data, C.int(raw.length))
}

func bytesOf(raw C.struct_weir_bytes) []byte {
	return C.GoBytes(unsafe.Pointer(raw.data), C.int(raw.length))
}
