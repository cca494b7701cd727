/* Tells a type that does not cross. */
#define SIN "schema_right"
#include "sin_rows.h"
#define CREATING return tell(outputs, "?")
#include "sin_transformer.h"
