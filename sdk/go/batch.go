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

// Which rows of a column are not null.
type validity struct {
	bits  unsafe.Pointer
	first int
	rows  int
}

func validityOf(c Column) validity {
	column := c.array
	v := validity{first: int(column.offset) + c.outer, rows: c.rows}
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
	column, err := b.Column(index)
	if err != nil {
		return Texts{}, err
	}
	return column.Texts()
}

// Texts reads the column as one of text; an error, if it is of another type.
func (c Column) Texts() (Texts, error) {
	if err := c.mustBe("text", "u"); err != nil {
		return Texts{}, err
	}
	column, texts := c.array, Texts{validity: validityOf(c)}
	if texts.rows == 0 {
		return texts, nil
	}
	texts.ends = unsafe.Slice((*int32)(unsafe.Add(buffer(column, 1), 4*texts.first)), texts.rows+1)
	if length := int(texts.ends[texts.rows]); length > 0 {
		texts.bytes = unsafe.Slice((*byte)(buffer(column, 2)), length)
	}
	if !utf8.Valid(texts.bytes[texts.ends[0]:]) {
		return Texts{}, fmt.Errorf("column '%s': expected UTF-8 in the batch, found another byte", c.field.Name)
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
	column, err := b.Column(index)
	if err != nil {
		return NumberColumn[T]{}, err
	}
	return NumbersOf[T](column)
}

// NumbersOf reads a column as one of numbers; an error, if it is of another type.
func NumbersOf[T Number](c Column) (NumberColumn[T], error) {
	var value T
	if err := c.mustBe(fmt.Sprintf("%T", value), formatsOf[T]()...); err != nil {
		return NumberColumn[T]{}, err
	}
	numbers := NumberColumn[T]{validity: validityOf(c)}
	if numbers.rows > 0 {
		begin := unsafe.Add(buffer(c.array, 1), int(unsafe.Sizeof(value))*numbers.first)
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
	column, err := b.Column(index)
	if err != nil {
		return BooleanColumn{}, err
	}
	return column.Booleans()
}

// Booleans reads the column as one of booleans; an error, if it is of another type.
func (c Column) Booleans() (BooleanColumn, error) {
	if err := c.mustBe("boolean", "b"); err != nil {
		return BooleanColumn{}, err
	}
	return BooleanColumn{validityOf(c), buffer(c.array, 1)}, nil
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
