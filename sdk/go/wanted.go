package weir

/*
#include "glue.h"
*/
import "C"

import "unsafe"

// Comparison is how a column is compared with a constant.
type Comparison int32

const (
	Equal          Comparison = C.WEIR_IS_EQUAL
	Less           Comparison = C.WEIR_IS_LESS
	LessOrEqual    Comparison = C.WEIR_IS_LESS_OR_EQUAL
	Greater        Comparison = C.WEIR_IS_GREATER
	GreaterOrEqual Comparison = C.WEIR_IS_GREATER_OR_EQUAL
	NotNull        Comparison = C.WEIR_IS_NOT_NULL
)

// Wanted is what the links behind a reader want of a stream: the schema told has these columns only, in the order of the source. What is
// made of conditions is for speed alone: they are checked again behind. Lent for one call.
type Wanted struct {
	Columns    []string    // by name; none: all
	Conditions []Condition // all must hold; those that this version knows
}

// Condition compares a column with a constant.
type Condition struct {
	Column   string
	Is       Comparison
	Constant Column // of one row, to be read by its type; of none with NotNull
}

func readWanted(raw *C.struct_weir_wanted) Wanted {
	var wanted Wanted
	for _, name := range unsafe.Slice(raw.columns, int(raw.column_count)) {
		wanted.Columns = append(wanted.Columns, text(name))
	}
	var fields []Field
	if raw.constants_schema != nil && raw.constants != nil {
		fields = readSchema(raw.constants_schema).Fields
	}
	for _, one := range unsafe.Slice(raw.conditions, int(raw.condition_count)) {
		condition := Condition{Column: text(one.column), Is: Comparison(one.is)}
		switch condition.Is {
		case NotNull:
		case Equal, Less, LessOrEqual, Greater, GreaterOrEqual:
			i := uint64(one.constant)
			if i >= uint64(len(fields)) {
				continue
			}
			array := unsafe.Slice(raw.constants.children, len(fields))[i]
			condition.Constant = Column{array, fields[i], int(raw.constants.offset), 1}
		default:
			continue
		}
		wanted.Conditions = append(wanted.Conditions, condition)
	}
	return wanted
}

//export goOpenSplitWanted
func goOpenSplitWanted(slot C.int32_t, context *C.struct_weir_context, split *C.struct_weir_split, position C.struct_weir_bytes,
	wanted **C.struct_weir_wanted, count C.uint64_t, schema *C.struct_weir_schema_sink, self *unsafe.Pointer,
	out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		work := Split{ID: text(split.id), Token: bytesOf(split.token)}
		var all []Wanted
		for _, one := range unsafe.Slice(wanted, int(count)) {
			all = append(all, readWanted(one))
		}
		made, err := installed.extractors[slot].OpenWanted(&Context{context}, work, bytesOf(position), all, &Outputs{schema})
		if err == nil {
			handOver(self, context.host, nil, made)
		}
		return err
	})
}

//export goOpenReaderWanted
func goOpenReaderWanted(slot C.int32_t, context *C.struct_weir_context, input *C.struct_weir_input, position C.struct_weir_bytes,
	wanted *C.struct_weir_wanted, schema *C.struct_weir_schema_sink, self *unsafe.Pointer, out *C.struct_weir_error) C.weir_status {
	return atEdge(out, func() error {
		made, err := installed.formats[slot].OpenReaderWanted(&Context{context}, &Input{input}, bytesOf(position), readWanted(wanted),
			&Outputs{schema})
		if err == nil {
			handOver(self, context.host, nil, made)
		}
		return err
	})
}
