package weirtest

/*
#include "host.h"
*/
import "C"

import (
	"fmt"
	"runtime/cgo"
	"sort"
	"strconv"
	"strings"
	"unsafe"

	"weir"
)

func hostOf(handle C.uintptr_t) *host { return cgo.Handle(handle).Value().(*host) }

func goText(raw C.struct_weir_string) string { return C.GoStringN(raw.data, C.int(raw.length)) }

// A text in C's memory, kept until the end.
func (h *host) cText(text string) C.struct_weir_string {
	memory := C.CString(text)
	h.kept = append(h.kept, unsafe.Pointer(memory))
	return C.struct_weir_string{data: memory, length: C.uint64_t(len(text))}
}

// The names right below a path: an array's elements by their numbers, an object's members in alphabetical order.
func (h *host) names(path string) []string {
	seen := map[string]bool{}
	var names []string
	for option := range h.options {
		if rest := strings.TrimPrefix(option, path+"/"); rest != option {
			name := strings.SplitN(rest, "/", 2)[0]
			if !seen[name] {
				names = append(names, name)
			}
			seen[name] = true
		}
	}
	sort.Slice(names, func(i, k int) bool {
		a, notA := strconv.Atoi(names[i])
		b, notB := strconv.Atoi(names[k])
		if notA == nil && notB == nil {
			return a < b
		}
		return names[i] < names[k]
	})
	return names
}

//export goConfigText
func goConfigText(handle C.uintptr_t, path C.struct_weir_string) C.struct_weir_string {
	h := hostOf(handle)
	text, _ := h.options[goText(path)].(string)
	return h.cText(text)
}

//export goConfigInteger
func goConfigInteger(handle C.uintptr_t, path C.struct_weir_string) C.int64_t {
	number, _ := h64(hostOf(handle).options[goText(path)])
	return C.int64_t(number)
}

func h64(value any) (int64, bool) {
	switch number := value.(type) {
	case int:
		return int64(number), true
	case int64:
		return number, true
	}
	return 0, false
}

//export goConfigNumber
func goConfigNumber(handle C.uintptr_t, path C.struct_weir_string) C.double {
	value := hostOf(handle).options[goText(path)]
	if number, is := value.(float64); is {
		return C.double(number)
	}
	number, _ := h64(value)
	return C.double(number)
}

//export goConfigBoolean
func goConfigBoolean(handle C.uintptr_t, path C.struct_weir_string) C.int32_t {
	if yes, _ := hostOf(handle).options[goText(path)].(bool); yes {
		return 1
	}
	return 0
}

//export goConfigCount
func goConfigCount(handle C.uintptr_t, path C.struct_weir_string) C.uint64_t {
	return C.uint64_t(len(hostOf(handle).names(goText(path))))
}

//export goConfigKind
func goConfigKind(handle C.uintptr_t, path C.struct_weir_string) C.int32_t {
	h := hostOf(handle)
	switch h.options[goText(path)].(type) {
	case string:
		return C.WEIR_CONFIG_TEXT
	case int, int64:
		return C.WEIR_CONFIG_INTEGER
	case float64:
		return C.WEIR_CONFIG_NUMBER
	case bool:
		return C.WEIR_CONFIG_BOOLEAN
	}
	names := h.names(goText(path))
	if len(names) == 0 {
		return C.WEIR_CONFIG_ABSENT
	} else if names[0] == "0" {
		return C.WEIR_CONFIG_ARRAY
	}
	return C.WEIR_CONFIG_OBJECT
}

//export goConfigKey
func goConfigKey(handle C.uintptr_t, path C.struct_weir_string, index C.uint64_t) C.struct_weir_string {
	h := hostOf(handle)
	names := h.names(goText(path))
	if uint64(index) >= uint64(len(names)) {
		return C.struct_weir_string{}
	}
	return h.cText(strings.NewReplacer("~1", "/", "~0", "~").Replace(names[index]))
}

//export goSchema
func goSchema(handle C.uintptr_t, schema *C.struct_ArrowSchema) {
	h := hostOf(handle)
	h.outcome.Schemas = append(h.outcome.Schemas, weir.SchemaFrom(unsafe.Pointer(schema)))
}

//export goPush
func goPush(handle C.uintptr_t, output C.uint64_t, batch *C.struct_weir_batch) {
	h := hostOf(handle)
	h.outcome.Rows = append(h.outcome.Rows, valuesOf(weir.BatchFrom(unsafe.Pointer(batch), h.outcome.Schemas[output]))...)
}

//export goSelect
func goSelect(handle C.uintptr_t, rows *C.uint32_t, count C.uint64_t) {
	h := hostOf(handle)
	if rows == nil {
		h.outcome.Rows = append(h.outcome.Rows, h.inHand...)
		return
	}
	for _, row := range unsafe.Slice(rows, int(count)) {
		h.outcome.Rows = append(h.outcome.Rows, h.inHand[row])
	}
}

//export goReject
func goReject(handle C.uintptr_t, reject *C.struct_weir_reject) {
	h := hostOf(handle)
	h.outcome.Rejected = append(h.outcome.Rejected,
		Rejected{int64(reject.row), goText(reject.column), goText(reject.reason), goText(reject.detail)})
}

//export goDrop
func goDrop(handle C.uintptr_t, count C.uint64_t) { hostOf(handle).outcome.Dropped += uint64(count) }

//export goAdd
func goAdd(handle C.uintptr_t, id C.struct_weir_string, token C.struct_weir_bytes) {
	h := hostOf(handle)
	h.splits = append(h.splits, split{goText(id), C.GoBytes(unsafe.Pointer(token.data), C.int(token.length))})
}

//export goPut
func goPut(handle C.uintptr_t, bytes C.struct_weir_bytes) {
	h := hostOf(handle)
	h.outcome.Bytes = append(h.outcome.Bytes, C.GoBytes(unsafe.Pointer(bytes.data), C.int(bytes.length)))
}

// Rows of values, as columns.
func rowsOf(schema weir.Schema, rows [][]any) (*weir.Rows, error) {
	columns, err := columnsOf(schema.Fields, rows)
	if err != nil {
		return nil, err
	}
	return weir.RowsOf(columns...), nil
}

// A column a field; a row that is nil has nulls.
func columnsOf(fields []weir.Field, rows [][]any) ([]weir.Array, error) {
	var columns []weir.Array
	for i, field := range fields {
		values := make([]any, len(rows))
		for row := range rows {
			if rows[row] != nil {
				values[row] = rows[row][i]
			}
		}
		column, err := columnOf(field, values)
		if err != nil {
			return nil, err
		}
		columns = append(columns, column)
	}
	return columns, nil
}

type builder[T any] interface {
	Append(T)
	AppendNull()
	Finish() weir.Array
}

// A value of another type is a null.
func built[T any](column builder[T], values []any) (weir.Array, error) {
	for _, value := range values {
		if own, is := value.(T); is {
			column.Append(own)
		} else {
			column.AppendNull()
		}
	}
	return column.Finish(), nil
}

func columnOf(field weir.Field, values []any) (weir.Array, error) {
	switch {
	case field.Format == "u":
		return built[string](&weir.TextBuilder{}, values)
	case field.Format == "l":
		numbers := make([]any, len(values))
		for i, value := range values {
			if number, is := h64(value); is {
				numbers[i] = number
			}
		}
		return built[int64](&weir.NumberBuilder[int64]{}, numbers)
	case field.Format == "g":
		return built[float64](&weir.NumberBuilder[float64]{}, values)
	case field.Format == "b":
		return built[bool](&weir.BooleanBuilder{}, values)
	case strings.HasPrefix(field.Format, "d:"):
		return built[weir.Decimal](&weir.DecimalBuilder{}, values)
	case field.Format == "+l":
		return listsOf(field, values)
	case field.Format == "+s":
		return structsOf(field, values)
	}
	return weir.Array{}, fmt.Errorf("a test's rows hold text, int64, float64, boolean, decimals, lists and structs, found Arrow type '%s'", field.Format)
}

func listsOf(field weir.Field, values []any) (weir.Array, error) {
	var lists weir.ListBuilder
	var items []any
	for _, value := range values {
		if list, is := value.([]any); is {
			lists.Append(len(list))
			items = append(items, list...)
		} else {
			lists.AppendNull()
		}
	}
	column, err := columnOf(field.Children[0], items)
	if err != nil {
		return weir.Array{}, err
	}
	return lists.Finish(column), nil
}

func structsOf(field weir.Field, values []any) (weir.Array, error) {
	var structs weir.StructBuilder
	rows := make([][]any, len(values))
	for i, value := range values {
		if whole, is := value.(Struct); is {
			structs.Append()
			rows[i] = whole
		} else {
			structs.AppendNull()
		}
	}
	columns, err := columnsOf(field.Children, rows)
	if err != nil {
		return weir.Array{}, err
	}
	return structs.Finish(columns...), nil
}

// A value, or nil of a null or of a type that this host can't show.
func valueOf(column weir.Column, row int) any {
	if texts, err := column.Texts(); err == nil {
		if text, valid := texts.Get(row); valid {
			return text
		}
	}
	if numbers, err := weir.NumbersOf[int64](column); err == nil {
		if number, valid := numbers.Get(row); valid {
			return int(number)
		}
	}
	if numbers, err := weir.NumbersOf[int32](column); err == nil {
		if number, valid := numbers.Get(row); valid {
			return int(number)
		}
	}
	if numbers, err := weir.NumbersOf[float64](column); err == nil {
		if number, valid := numbers.Get(row); valid {
			return number
		}
	}
	if booleans, err := column.Booleans(); err == nil {
		if value, valid := booleans.Get(row); valid {
			return value
		}
	}
	if decimals, err := column.Decimals(); err == nil {
		if value, valid := decimals.Get(row); valid {
			return value
		}
	}
	return nestedOf(column, row)
}

func nestedOf(column weir.Column, row int) any {
	if lists, err := column.Lists(); err == nil {
		if begin, end, valid := lists.Get(row); valid {
			list := []any{}
			for i := begin; i < end; i++ {
				list = append(list, valueOf(lists.Items, i))
			}
			return list
		}
	}
	if structs, err := column.Structs(); err == nil && structs.Valid(row) {
		whole := Struct{}
		for _, field := range column.Field().Children {
			if inner, err := structs.Field(field.Name); err == nil {
				whole = append(whole, valueOf(inner, row))
			}
		}
		return whole
	}
	return nil
}

func valuesOf(batch *weir.Batch) [][]any {
	rows := make([][]any, batch.Len())
	for row := range rows {
		for i := range batch.Schema().Fields {
			column, err := batch.Column(i)
			if err != nil {
				continue
			}
			rows[row] = append(rows[row], valueOf(column, row))
		}
	}
	return rows
}
