package weir

/*
#include "glue.h"
*/
import "C"

import (
	"math"
	"unsafe"
)

// Array is a column that is owned, in C's memory: it is given to Rows, which are pushed or released.
type Array struct{ raw C.struct_ArrowArray }

// Len is how many values it has.
func (a Array) Len() int { return int(a.raw.length) }

// Rows are columns of one length, owned: they are pushed, or released.
type Rows struct {
	columns []Array
	length  int
}

// RowsOf makes rows of columns. Panics unless every column has the same length.
func RowsOf(columns ...Array) *Rows {
	rows := &Rows{columns: columns}
	for i, column := range columns {
		if i > 0 && column.Len() != rows.length {
			panic("weir.RowsOf: expected columns of one length")
		}
		rows.length = column.Len()
	}
	return rows
}

// Len is how many rows there are.
func (r *Rows) Len() int { return r.length }

// Replace puts a column in the place of another.
func (r *Rows) Replace(index int, by Array) {
	if by.Len() != r.length {
		panic("weir.Rows.Replace: expected a value for each row")
	}
	C.weir_go_drop_array(&r.columns[index].raw)
	r.columns[index] = by
}

// Append puts a column behind the others.
func (r *Rows) Append(column Array) {
	if column.Len() != r.length {
		panic("weir.Rows.Append: expected a value for each row")
	}
	r.columns = append(r.columns, column)
}

// Release frees rows that are not pushed.
func (r *Rows) Release() {
	for i := range r.columns {
		C.weir_go_drop_array(&r.columns[i].raw)
	}
	r.columns = nil
}

func (r *Rows) export(out *C.struct_ArrowArray) {
	*out = C.struct_ArrowArray{length: C.int64_t(r.length), n_buffers: 1, n_children: C.int64_t(len(r.columns))}
	pointer := C.size_t(unsafe.Sizeof(uintptr(0)))
	out.buffers = (*unsafe.Pointer)(C.calloc(1, pointer))
	out.children = (**C.struct_ArrowArray)(C.calloc(C.size_t(len(r.columns)+1), pointer))
	for i, column := range r.columns {
		child := (*C.struct_ArrowArray)(C.calloc(1, C.sizeof_struct_ArrowArray))
		*child = column.raw
		unsafe.Slice(out.children, len(r.columns))[i] = child
	}
	C.weir_go_own_array(out)
	r.columns = nil
}

// Copies values into C's memory, which is aligned for any of them.
func copied[T any](values []T) unsafe.Pointer {
	var value T
	size := len(values) * int(unsafe.Sizeof(value))
	memory := C.malloc(C.size_t(size + 8))
	if size > 0 {
		copy(unsafe.Slice((*T)(memory), len(values)), values)
	}
	return memory
}

// Makes an array of buffers that it then owns; a null among them says that there is none.
func arrayOf(length, nulls int, buffers ...unsafe.Pointer) Array {
	array := Array{C.struct_ArrowArray{length: C.int64_t(length), null_count: C.int64_t(nulls), n_buffers: C.int64_t(len(buffers))}}
	array.raw.buffers = (*unsafe.Pointer)(copied(buffers))
	C.weir_go_own_array(&array.raw)
	return array
}

// Bits, and how many of them are zero.
type bits struct {
	bytes  []byte
	length int
	zeros  int
}

func (b *bits) append(one bool) {
	if b.length%8 == 0 {
		b.bytes = append(b.bytes, 0)
	}
	if one {
		b.bytes[b.length/8] |= 1 << (b.length % 8)
	} else {
		b.zeros++
	}
	b.length++
}

// As a validity: none, if there are no nulls.
func (b *bits) validity() unsafe.Pointer {
	if b.zeros == 0 {
		return nil
	}
	return copied(b.bytes)
}

// TextBuilder makes a column of text, at most 2 GiB of it.
type TextBuilder struct {
	valid bits
	ends  []int32
	text  []byte
}

func (b *TextBuilder) end(valid bool) {
	if len(b.ends) == 0 {
		b.ends = append(b.ends, 0)
	}
	if len(b.text) > math.MaxInt32 {
		panic("weir.TextBuilder: expected at most 2 GiB of text in a batch")
	}
	b.valid.append(valid)
	b.ends = append(b.ends, int32(len(b.text)))
}

// Append adds a text of UTF-8.
func (b *TextBuilder) Append(text string) {
	b.text = append(b.text, text...)
	b.end(true)
}

// AppendBytes adds a text of UTF-8.
func (b *TextBuilder) AppendBytes(text []byte) {
	b.text = append(b.text, text...)
	b.end(true)
}

// AppendNull adds a null.
func (b *TextBuilder) AppendNull() { b.end(false) }

// Len is how many there are, Bytes how long they are together.
func (b *TextBuilder) Len() int   { return b.valid.length }
func (b *TextBuilder) Bytes() int { return len(b.text) }

// Finish gives the column.
func (b *TextBuilder) Finish() Array {
	if len(b.ends) == 0 {
		b.ends = append(b.ends, 0)
	}
	return arrayOf(b.valid.length, b.valid.zeros, b.valid.validity(), copied(b.ends), copied(b.text))
}

// NumberBuilder makes a column of numbers, dates, times or instants.
type NumberBuilder[T Number] struct {
	valid  bits
	values []T
}

// Append adds a number.
func (b *NumberBuilder[T]) Append(value T) {
	b.valid.append(true)
	b.values = append(b.values, value)
}

// AppendNull adds a null.
func (b *NumberBuilder[T]) AppendNull() {
	var none T
	b.valid.append(false)
	b.values = append(b.values, none)
}

// Len is how many there are.
func (b *NumberBuilder[T]) Len() int { return len(b.values) }

// Finish gives the column.
func (b *NumberBuilder[T]) Finish() Array {
	return numberArray(b.values, b.valid.validity(), b.valid.zeros)
}

func numberArray[T Number](values []T, validity unsafe.Pointer, nulls int) Array {
	return arrayOf(len(values), nulls, validity, copied(values))
}

// BooleanBuilder makes a column of booleans.
type BooleanBuilder struct{ valid, values bits }

// Append adds a value.
func (b *BooleanBuilder) Append(value bool) {
	b.valid.append(true)
	b.values.append(value)
}

// AppendNull adds a null.
func (b *BooleanBuilder) AppendNull() {
	b.valid.append(false)
	b.values.append(false)
}

// Finish gives the column.
func (b *BooleanBuilder) Finish() Array {
	return arrayOf(b.valid.length, b.valid.zeros, b.valid.validity(), copied(b.values.bytes))
}

// Puts the arrays below another, which owns them then.
func (a Array) with(children ...Array) Array {
	a.raw.n_children = C.int64_t(len(children))
	a.raw.children = (**C.struct_ArrowArray)(C.calloc(C.size_t(len(children)+1), C.size_t(unsafe.Sizeof(uintptr(0)))))
	for i, child := range children {
		moved := (*C.struct_ArrowArray)(C.calloc(1, C.sizeof_struct_ArrowArray))
		*moved = child.raw
		unsafe.Slice(a.raw.children, len(children))[i] = moved
	}
	return a
}

// DecimalBuilder makes a column of decimals of 128 bits, without their point.
type DecimalBuilder struct {
	valid  bits
	values []Decimal
}

// Append adds a decimal.
func (b *DecimalBuilder) Append(value Decimal) {
	b.valid.append(true)
	b.values = append(b.values, value)
}

// AppendNull adds a null.
func (b *DecimalBuilder) AppendNull() {
	b.valid.append(false)
	b.values = append(b.values, Decimal{})
}

// Finish gives the column.
func (b *DecimalBuilder) Finish() Array {
	return arrayOf(len(b.values), b.valid.zeros, b.valid.validity(), copied(b.values))
}

// ListBuilder makes a column of lists: how many items each has. The items are a column of their own.
type ListBuilder struct {
	valid bits
	ends  []int32
	items int
}

// Append says that the list of the next row has so many of the items that follow.
func (b *ListBuilder) Append(items int) { b.end(items, true) }

// AppendNull adds a null.
func (b *ListBuilder) AppendNull() { b.end(0, false) }

func (b *ListBuilder) end(items int, valid bool) {
	b.items += items
	if items < 0 || b.items > math.MaxInt32 {
		panic("weir.ListBuilder: expected at most 2^31 - 1 items in a batch")
	}
	b.valid.append(valid)
	b.ends = append(b.ends, int32(b.items))
}

// Finish gives the column. Panics unless there are as many items as was said.
func (b *ListBuilder) Finish(items Array) Array {
	if items.Len() != b.items {
		panic("weir.ListBuilder: expected as many items as the lists have")
	}
	ends := append([]int32{0}, b.ends...)
	return arrayOf(b.valid.length, b.valid.zeros, b.valid.validity(), copied(ends)).with(items)
}

// StructBuilder makes a column of structs: which of them are there. Their fields are columns of their own, of the same length.
type StructBuilder struct{ valid bits }

// Append adds a struct, AppendNull a null.
func (b *StructBuilder) Append()     { b.valid.append(true) }
func (b *StructBuilder) AppendNull() { b.valid.append(false) }

// Finish gives the column. Panics unless every field has a value for each struct, whatever it is where that is null.
func (b *StructBuilder) Finish(fields ...Array) Array {
	for _, field := range fields {
		if field.Len() != b.valid.length {
			panic("weir.StructBuilder: expected a value of each field for each struct")
		}
	}
	return arrayOf(b.valid.length, b.valid.zeros, b.valid.validity()).with(fields...)
}
