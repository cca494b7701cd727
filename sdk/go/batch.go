package weir

/*
#include "glue.h"
*/
import "C"

import (
	"fmt"
	"unicode/utf8"
	"unsafe"
)

// Batch is the rows of one call, lent for it. Columns have the types of the schema that the instance was made for.
type Batch struct {
	raw    *C.struct_weir_batch
	schema Schema
}

// Len is how many rows there are; none once they are taken.
func (b *Batch) Len() int {
	if C.weir_go_has_array(&b.raw.rows) == 0 {
		return 0
	}
	return int(b.raw.rows.length)
}

// Schema is the one that the instance was made for.
func (b *Batch) Schema() Schema { return b.schema }

func (b *Batch) column(index int, wanted string, formats ...string) (*C.struct_ArrowArray, error) {
	if index < 0 || index >= len(b.schema.Fields) {
		return nil, fmt.Errorf("expected one of %d columns, found %d", len(b.schema.Fields), index)
	}
	field := b.schema.Fields[index]
	for _, format := range formats {
		// Of times the unit, and of instants the zone, follow.
		prefix := len(format) == 2 && len(field.Format) > 2 && field.Format[:2] == format
		if (field.Format != format && !prefix) || field.Dictionary != nil {
			continue
		}
		if C.weir_go_has_array(&b.raw.rows) == 0 {
			return nil, fmt.Errorf("the rows of the batch were taken before they were read")
		}
		return unsafe.Slice(b.raw.rows.children, len(b.schema.Fields))[index], nil
	}
	return nil, fmt.Errorf("column '%s': expected to read %s, found Arrow type '%s'", field.Name, wanted, field.Format)
}

// Which rows of a column are not null.
type validity struct {
	bits  unsafe.Pointer
	first int
	rows  int
}

func validityOf(column *C.struct_ArrowArray, batch *Batch) validity {
	v := validity{first: int(column.offset + batch.raw.rows.offset), rows: batch.Len()}
	if column.n_buffers > 0 && column.null_count != 0 {
		v.bits = buffer(column, 0)
	}
	return v
}

func (v validity) valid(row int) bool {
	if uint(row) >= uint(v.rows) {
		panic(fmt.Sprintf("row %d of %d", row, v.rows))
	}
	return v.bits == nil || bit(v.bits, v.first+row)
}

func bit(bits unsafe.Pointer, i int) bool { return *(*byte)(unsafe.Add(bits, i/8))>>(i%8)&1 != 0 }

func buffer(column *C.struct_ArrowArray, i int) unsafe.Pointer {
	return unsafe.Slice(column.buffers, int(column.n_buffers))[i]
}

// Texts is a column of text, as long as the batch is in hand.
type Texts struct {
	validity
	ends  []int32
	bytes []byte
}

// Texts gives a column of text; an error, if it is of another type.
func (b *Batch) Texts(index int) (Texts, error) {
	column, err := b.column(index, "text", "u")
	if err != nil {
		return Texts{}, err
	}
	texts := Texts{validity: validityOf(column, b)}
	if texts.rows == 0 {
		return texts, nil
	}
	texts.ends = unsafe.Slice((*int32)(unsafe.Add(buffer(column, 1), 4*texts.first)), texts.rows+1)
	if length := int(texts.ends[texts.rows]); length > 0 {
		texts.bytes = unsafe.Slice((*byte)(buffer(column, 2)), length)
	}
	if !utf8.Valid(texts.bytes[texts.ends[0]:]) {
		return Texts{}, fmt.Errorf("column '%s': expected UTF-8 in the batch, found another byte", b.schema.Fields[index].Name)
	}
	return texts, nil
}

// Bytes gives the text of a row without a copy, as long as the batch is in hand and its rows are not pushed; false: a null.
func (t Texts) Bytes(row int) ([]byte, bool) {
	if !t.valid(row) {
		return nil, false
	}
	return t.bytes[t.ends[row]:t.ends[row+1]:t.ends[row+1]], true
}

// Get copies the text of a row; false: a null.
func (t Texts) Get(row int) (string, bool) {
	bytes, valid := t.Bytes(row)
	return string(bytes), valid
}

// Number is what a column of numbers may hold.
type Number interface {
	~int8 | ~uint8 | ~int16 | ~uint16 | ~int32 | ~uint32 | ~int64 | ~uint64 | ~float32 | ~float64
}

func formatsOf[T Number]() []string {
	var value T
	switch any(value).(type) {
	case int8:
		return []string{"c"}
	case uint8:
		return []string{"C"}
	case int16:
		return []string{"s"}
	case uint16:
		return []string{"S"}
	case int32:
		return []string{"i", "tdD", "tts", "ttm"}
	case uint32:
		return []string{"I"}
	case int64:
		return []string{"l", "tdm", "ttu", "ttn", "ts", "tD"}
	case uint64:
		return []string{"L"}
	case float32:
		return []string{"f"}
	case float64:
		return []string{"g"}
	}
	return nil
}

// NumberColumn is a column of numbers, dates, times or instants.
type NumberColumn[T Number] struct {
	validity
	values []T
}

// Numbers gives a column of numbers of a batch; an error, if it is of another type.
func Numbers[T Number](b *Batch, index int) (NumberColumn[T], error) {
	var value T
	column, err := b.column(index, fmt.Sprintf("%T", value), formatsOf[T]()...)
	if err != nil {
		return NumberColumn[T]{}, err
	}
	numbers := NumberColumn[T]{validity: validityOf(column, b)}
	if numbers.rows > 0 {
		begin := unsafe.Add(buffer(column, 1), int(unsafe.Sizeof(value))*numbers.first)
		numbers.values = unsafe.Slice((*T)(begin), numbers.rows)
	}
	return numbers, nil
}

// Get gives the number of a row; false: a null.
func (n NumberColumn[T]) Get(row int) (T, bool) {
	if !n.valid(row) {
		var none T
		return none, false
	}
	return n.values[row], true
}

// BooleanColumn is a column of booleans.
type BooleanColumn struct {
	validity
	values unsafe.Pointer
}

// Booleans gives a column of booleans; an error, if it is of another type.
func (b *Batch) Booleans(index int) (BooleanColumn, error) {
	column, err := b.column(index, "boolean", "b")
	if err != nil {
		return BooleanColumn{}, err
	}
	return BooleanColumn{validityOf(column, b), buffer(column, 1)}, nil
}

// Get gives the value of a row; false: a null.
func (b BooleanColumn) Get(row int) (value, valid bool) {
	if !b.valid(row) {
		return false, false
	}
	return bit(b.values, b.first+row), true
}

// Take takes the rows out: to change them, to keep them, to push them.
func (b *Batch) Take() *Rows {
	whole := &b.raw.rows
	rows := &Rows{length: b.Len()}
	for _, child := range unsafe.Slice(whole.children, int(whole.n_children)) {
		moved := Array{*child}
		C.weir_go_forget_array(child)
		// Each has the slice of the whole for itself.
		moved.raw.offset += whole.offset
		moved.raw.length = whole.length
		if moved.raw.null_count != 0 {
			moved.raw.null_count = -1
		}
		rows.columns = append(rows.columns, moved)
	}
	C.weir_go_drop_array(whole)
	C.weir_go_forget_array(whole)
	return rows
}
