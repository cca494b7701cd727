package weir

/*
#include "glue.h"
*/
import "C"

import "unsafe"

// What a host of its own needs (weirtest): the C structs behind the values of this package.

// Description gives the plugin's struct weir_plugin; nil before Plugin was called.
func Description() unsafe.Pointer { return unsafe.Pointer(described) }

// Export fills in a struct ArrowSchema, which the caller releases.
func (s Schema) Export(schema unsafe.Pointer) { s.export((*C.struct_ArrowSchema)(schema)) }

// SchemaFrom copies what a struct ArrowSchema describes.
func SchemaFrom(schema unsafe.Pointer) Schema { return readSchema((*C.struct_ArrowSchema)(schema)) }

// Export moves rows into a struct ArrowArray, which the caller releases.
func (r *Rows) Export(array unsafe.Pointer) { r.export((*C.struct_ArrowArray)(array)) }

// BatchFrom looks at a struct weir_batch of rows of a schema.
func BatchFrom(batch unsafe.Pointer, schema Schema) *Batch {
	return &Batch{(*C.struct_weir_batch)(batch), schema}
}
