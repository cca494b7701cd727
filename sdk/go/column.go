package weir

/*
#include "glue.h"
*/
import "C"

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unsafe"
)

// Column is a column of the batch in hand, or one inside another: read by its type, and by no other.
type Column struct {
	array *C.struct_ArrowArray
	field Field
	outer int // its rows begin here, from its own offset
	rows  int
}

// Column gives a column, to be read by its type; an error, if there is none such.
func (b *Batch) Column(index int) (Column, error) {
	if index < 0 || index >= len(b.schema.Fields) {
		return Column{}, fmt.Errorf("expected one of %d columns, found %d", len(b.schema.Fields), index)
	}
	if C.weir_go_has_array(&b.raw.rows) == 0 {
		return Column{}, fmt.Errorf("the rows of the batch were taken before they were read")
	}
	array := unsafe.Slice(b.raw.rows.children, len(b.schema.Fields))[index]
	return Column{array, b.schema.Fields[index], int(b.raw.rows.offset), b.Len()}, nil
}

// Field is what the schema says of it.
func (c Column) Field() Field { return c.field }

// Len is how many rows it has.
func (c Column) Len() int { return c.rows }

func (c Column) isNot(wanted string) error {
	return fmt.Errorf("column '%s': expected to read %s, found Arrow type '%s'", c.field.Name, wanted, c.field.Format)
}

func (c Column) mustBe(wanted string, formats ...string) error {
	for _, format := range formats {
		// Of times the unit, and of instants the zone, follow.
		prefix := len(format) == 2 && len(c.field.Format) > 2 && c.field.Format[:2] == format
		if (c.field.Format == format || prefix) && c.field.Dictionary == nil {
			return nil
		}
	}
	return c.isNot(wanted)
}

func (c Column) child(index int) *C.struct_ArrowArray {
	return unsafe.Slice(c.array.children, len(c.field.Children))[index]
}

// Decimal is a decimal of 128 bits without its point: 1234 is 12.34 where the scale is 2.
type Decimal struct {
	Low  uint64
	High int64
}

// DecimalOf makes one of a number.
func DecimalOf(number int64) Decimal { return Decimal{uint64(number), number >> 63} }

// Big gives it as a number of any length.
func (d Decimal) Big() *big.Int {
	whole := new(big.Int).Lsh(big.NewInt(d.High), 64)
	return whole.Add(whole, new(big.Int).SetUint64(d.Low))
}

// DecimalColumn is a column of decimals of 128 bits.
type DecimalColumn struct {
	validity
	values []Decimal
	// Digits at most, and digits behind the point.
	Precision, Scale int
}

// Decimals reads the column as one of decimals of 128 bits; an error, if it is of another type.
func (c Column) Decimals() (DecimalColumn, error) {
	parts := strings.Split(strings.TrimPrefix(c.field.Format, "d:"), ",")
	if !strings.HasPrefix(c.field.Format, "d:") || len(parts) < 2 || (len(parts) > 2 && parts[2] != "128") {
		return DecimalColumn{}, c.isNot("a decimal of 128 bits")
	}
	precision, wrong := strconv.Atoi(parts[0])
	scale, alsoWrong := strconv.Atoi(parts[1])
	if wrong != nil || alsoWrong != nil {
		return DecimalColumn{}, c.isNot("a decimal of 128 bits")
	}
	decimals := DecimalColumn{validity: validityOf(c), Precision: precision, Scale: scale}
	if decimals.rows > 0 {
		begin := unsafe.Add(buffer(c.array, 1), int(unsafe.Sizeof(Decimal{}))*decimals.first)
		decimals.values = unsafe.Slice((*Decimal)(begin), decimals.rows)
	}
	return decimals, nil
}

// Get gives the decimal of a row; false: a null.
func (d DecimalColumn) Get(row int) (Decimal, bool) {
	if !d.valid(row) {
		return Decimal{}, false
	}
	return d.values[row], true
}

// ListColumn is a column of lists, whose items are a column of their own.
type ListColumn struct {
	validity
	ends []int32
	// The items of all lists, one list behind the other.
	Items Column
}

// Lists reads the column as one of lists; an error, if it is of another type.
func (c Column) Lists() (ListColumn, error) {
	if err := c.mustBe("a list", "+l"); err != nil {
		return ListColumn{}, err
	}
	lists := ListColumn{validity: validityOf(c), Items: Column{array: c.child(0), field: c.field.Children[0]}}
	if lists.rows > 0 {
		lists.ends = unsafe.Slice((*int32)(unsafe.Add(buffer(c.array, 1), 4*lists.first)), lists.rows+1)
		lists.Items.outer = int(lists.ends[0])
		lists.Items.rows = int(lists.ends[lists.rows]) - lists.Items.outer
	}
	return lists, nil
}

// Get says which of Items, from begin to before end, are in the list of a row; false: a null, which is another thing than an empty list.
func (l ListColumn) Get(row int) (begin, end int, valid bool) {
	if !l.valid(row) {
		return 0, 0, false
	}
	return int(l.ends[row]) - l.Items.outer, int(l.ends[row+1]) - l.Items.outer, true
}

// StructColumn is a column of structs: a column for each of its fields, as long as itself.
type StructColumn struct {
	validity
	column Column
}

// Structs reads the column as one of structs; an error, if it is of another type.
func (c Column) Structs() (StructColumn, error) {
	if err := c.mustBe("a struct", "+s"); err != nil {
		return StructColumn{}, err
	}
	return StructColumn{validityOf(c), c}, nil
}

// Valid says whether a row has a struct. Where it is null there stands anything in the fields.
func (s StructColumn) Valid(row int) bool { return s.valid(row) }

// Field gives the column of a field; an error, if there is none of that name.
func (s StructColumn) Field(name string) (Column, error) {
	for i, field := range s.column.field.Children {
		if field.Name == name {
			return Column{s.column.child(i), field, s.first, s.rows}, nil
		}
	}
	return Column{}, fmt.Errorf("column '%s': no field '%s'", s.column.field.Name, name)
}
