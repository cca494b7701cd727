package weir

/*
#include "glue.h"
*/
import "C"

import (
	"strings"
	"unsafe"
)

// Field is a column: its name, and its type as an Arrow format ("u" text, "l" int64, "g" float64, "b" boolean, "tdD" a date, "tsu:UTC"
// microseconds; the whole list stands with Arrow's C data interface).
type Field struct {
	Name       string
	Format     string
	NotNull    bool
	Metadata   []byte // as Arrow has it
	Children   []Field
	Dictionary *Field
	flags      int64
}

// Schema is the columns of rows.
type Schema struct {
	Fields   []Field
	Metadata []byte
}

// IndexOf gives the place of a column, or -1.
func (s Schema) IndexOf(name string) int {
	for i, field := range s.Fields {
		if field.Name == name {
			return i
		}
	}
	return -1
}

// Column gives the place of the column of this name and format that the option at `option` asks for, or an error that points there.
func (s Schema) Column(name, format, option string) (int, error) {
	i := s.IndexOf(name)
	if i < 0 {
		var names []string
		for _, field := range s.Fields {
			names = append(names, field.Name)
		}
		return -1, ManifestFailure(option, "expected a column of the input (%s), found '%s'", strings.Join(names, ", "), name)
	}
	if found := s.Fields[i].Format; found != format {
		return -1, ManifestFailure(option, "column '%s': expected Arrow type '%s', found '%s'", name, format, found)
	}
	return i, nil
}

func readField(raw *C.struct_ArrowSchema) Field {
	field := Field{Name: C.GoString(raw.name), Format: C.GoString(raw.format), NotNull: raw.flags&C.ARROW_FLAG_NULLABLE == 0,
		Metadata: readMetadata(raw.metadata), flags: int64(raw.flags)}
	for _, child := range unsafe.Slice(raw.children, int(raw.n_children)) {
		field.Children = append(field.Children, readField(child))
	}
	if raw.dictionary != nil {
		inner := readField(raw.dictionary)
		field.Dictionary = &inner
	}
	return field
}

func readSchema(raw *C.struct_ArrowSchema) Schema {
	rows := readField(raw)
	return Schema{Fields: rows.Children, Metadata: rows.Metadata}
}

func readSchemas(raw **C.struct_ArrowSchema, count C.uint64_t) []Schema {
	var schemas []Schema
	for _, one := range unsafe.Slice(raw, int(count)) {
		schemas = append(schemas, readSchema(one))
	}
	return schemas
}

// Pairs of lengths and bytes, behind the number of pairs.
func readMetadata(raw *C.char) []byte {
	if raw == nil {
		return nil
	}
	number := func(at int) int { return int(*(*int32)(unsafe.Add(unsafe.Pointer(raw), at))) }
	length := 4
	for i := 0; i < 2*number(0); i++ {
		length += 4 + number(length)
	}
	return C.GoBytes(unsafe.Pointer(raw), C.int(length))
}

func (f Field) export(out *C.struct_ArrowSchema) {
	out.format = C.CString(f.Format)
	out.name = C.CString(f.Name)
	if len(f.Metadata) > 0 {
		out.metadata = (*C.char)(C.CBytes(f.Metadata))
	}
	out.flags = C.int64_t(f.flags &^ C.ARROW_FLAG_NULLABLE)
	if !f.NotNull {
		out.flags |= C.ARROW_FLAG_NULLABLE
	}
	out.n_children = C.int64_t(len(f.Children))
	if len(f.Children) > 0 {
		out.children = (**C.struct_ArrowSchema)(C.calloc(C.size_t(len(f.Children)), C.size_t(unsafe.Sizeof(uintptr(0)))))
		for i, child := range f.Children {
			made := (*C.struct_ArrowSchema)(C.calloc(1, C.sizeof_struct_ArrowSchema))
			child.export(made)
			unsafe.Slice(out.children, len(f.Children))[i] = made
		}
	}
	if f.Dictionary != nil {
		out.dictionary = (*C.struct_ArrowSchema)(C.calloc(1, C.sizeof_struct_ArrowSchema))
		f.Dictionary.export(out.dictionary)
	}
	C.weir_go_own_schema(out)
}

func (s Schema) export(out *C.struct_ArrowSchema) {
	Field{Format: "+s", NotNull: true, Children: s.Fields, Metadata: s.Metadata}.export(out)
}
