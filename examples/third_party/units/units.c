/* units: a transformer in C against weir.h alone. It converts the numbers of a column from one unit of measure into another. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "weir_plugin_info.h"

/* A value v of a unit is v * scale + shift of the first unit of its kind. schema.json lists the names. */
struct unit {
  const char *name;
  double scale, shift;
  char kind;
};

static const struct unit units[] = {
    {"m", 1, 0, 'l'},          {"km", 1000, 0, 'l'},          {"cm", 0.01, 0, 'l'},
    {"mm", 0.001, 0, 'l'},     {"in", 0.0254, 0, 'l'},        {"ft", 0.3048, 0, 'l'},
    {"yd", 0.9144, 0, 'l'},    {"mi", 1609.344, 0, 'l'},      {"nmi", 1852, 0, 'l'},
    {"kg", 1, 0, 'm'},         {"g", 0.001, 0, 'm'},          {"t", 1000, 0, 'm'},
    {"lb", 0.45359237, 0, 'm'}, {"oz", 0.028349523125, 0, 'm'},
    {"m/s", 1, 0, 's'},        {"km/h", 1 / 3.6, 0, 's'},     {"mph", 0.44704, 0, 's'},
    {"kn", 1852 / 3600.0, 0, 's'}, {"ft/s", 0.3048, 0, 's'},
    {"C", 1, 0, 't'},          {"F", 5 / 9.0, -160 / 9.0, 't'}, {"K", 1, -273.15, 't'},
    {"Pa", 1, 0, 'p'},         {"hPa", 100, 0, 'p'},          {"kPa", 1000, 0, 'p'},
    {"bar", 100000, 0, 'p'},   {"psi", 6894.757293168361, 0, 'p'}, {"inHg", 3386.389, 0, 'p'},
    {"l", 1, 0, 'v'},          {"ml", 0.001, 0, 'v'},         {"m3", 1000, 0, 'v'},
    {"gal", 3.785411784, 0, 'v'}, {"pt", 0.473176473, 0, 'v'}};

struct converter {
  int64_t column;
  double factor, shift, steps; /* steps: 10 to the power of the decimals that are kept; 0: all */
  char format;                 /* of the numbers that come: Arrow's */
};

/* The new column: it keeps the old one, whose validity it shares, and ends with its numbers. */
struct converted {
  struct ArrowArray old;
  const void *buffers[2];
  double numbers[];
};

static weir_status traits(const struct weir_config *config, struct weir_traits *traits, struct weir_error *error) {
  (void)config, (void)error;
  traits->keeps_rows = 1; /* output row i is input row i: no origins needed */
  return WEIR_OK;
}

static const struct unit *unit_of(const struct weir_config *config, const char *option) {
  const struct weir_string name = config->text(config, weir_text(option));
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (weir_string_is(name, units[i].name)) return &units[i];
  return NULL; /* cannot be: schema.json lets no other name pass */
}

static weir_status refuse(struct weir_error *error, const char *option, const char *message) {
  strcpy(error->option, option);
  return weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST, message);
}

static void keep(struct ArrowSchema *schema) { schema->release = NULL; } /* it owns nothing */

/* Tells the schema that came, with the column a double, and perhaps another name. The sink makes a copy. */
static weir_status tell_schema(const struct weir_schema_sink *outputs, const struct ArrowSchema *input, int64_t column,
                               struct weir_string as, struct weir_error *error) {
  struct ArrowSchema rows = *input, field = *input->children[column];
  struct ArrowSchema **fields = malloc(sizeof *fields * (size_t)input->n_children);
  char *name = malloc(as.length + 1);
  weir_status told;
  if (fields != NULL && name != NULL) {
    memcpy(fields, input->children, sizeof *fields * (size_t)input->n_children);
    memcpy(name, as.data != NULL ? as.data : "", as.length);
    name[as.length] = '\0';
    if (as.length > 0) field.name = name;
    field.format = "g";
    field.release = rows.release = keep;
    fields[column] = &field;
    rows.children = fields;
    told = outputs->same(outputs, weir_text(""), &rows);
  } else {
    told = weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  }
  free(fields);
  free(name);
  return told;
}

static weir_status create(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                          const struct weir_string *names, uint64_t count, const struct weir_schema_sink *outputs,
                          void **self, struct weir_error *error) {
  const struct weir_config *config = context->config;
  const struct weir_string wanted = config->text(config, weir_text("/column"));
  const struct unit *from = unit_of(config, "/from"), *to = unit_of(config, "/to");
  const int64_t decimals = config->kind(config, weir_text("/decimals")) == WEIR_CONFIG_ABSENT
                               ? -1
                               : config->integer(config, weir_text("/decimals"));
  int64_t column = 0;
  (void)names, (void)count;
  while (column < inputs[0]->n_children && !weir_string_is(wanted, inputs[0]->children[column]->name)) column++;
  if (column == inputs[0]->n_children)
    return refuse(error, "/column", "expected a column of numbers, found none of that name");
  const char *format = inputs[0]->children[column]->format;
  if (strlen(format) != 1 || strchr("cCsSiIlLfg", *format) == NULL || inputs[0]->children[column]->dictionary != NULL)
    return refuse(error, "/column", "expected a column of integers or floating-point numbers, found another type");
  if (from == NULL) return refuse(error, "/from", "expected a known unit");
  if (to == NULL || to->kind != from->kind)
    return refuse(error, "/to", "expected a unit that measures the same as the one in 'from'");
  struct converter *converter = malloc(sizeof *converter);
  if (converter == NULL) return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  *converter = (struct converter){column, from->scale / to->scale, (from->shift - to->shift) / to->scale,
                                  decimals < 0 ? 0 : pow(10, (double)decimals), *format};
  const weir_status told = tell_schema(outputs, inputs[0], column, config->text(config, weir_text("/as")), error);
  if (told == WEIR_OK) *self = converter;
  if (told != WEIR_OK) free(converter);
  return told;
}

static void release(struct ArrowArray *array) {
  struct converted *converted = array->private_data;
  converted->old.release(&converted->old);
  free(converted);
  array->release = NULL;
}

static double rounded(double number, double steps) {
  const double scaled = number * steps;
  return steps > 0 && isfinite(scaled) ? round(scaled) / steps : number;
}

#define EACH(type)                                                                                      \
  for (int64_t i = first; i < end; i++)                                                                 \
    to[i] = rounded((double)((const type *)from)[i] * converter->factor + converter->shift, converter->steps); \
  break

/* Converts the numbers from first to end; those of nulls too, which costs less than to ask. */
static void convert(const struct converter *converter, const void *from, double *to, int64_t first, int64_t end) {
  switch (converter->format) {
    case 'c': EACH(int8_t);
    case 'C': EACH(uint8_t);
    case 's': EACH(int16_t);
    case 'S': EACH(uint16_t);
    case 'i': EACH(int32_t);
    case 'I': EACH(uint32_t);
    case 'l': EACH(int64_t);
    case 'L': EACH(uint64_t);
    case 'f': EACH(float);
    default: EACH(double);
  }
}

static weir_status process(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                           struct weir_error *error) {
  const struct converter *converter = self;
  struct ArrowArray *column = batch->rows.children[converter->column];
  /* A slice of the rows moves their columns too; the new column has nothing before its slice. */
  const int64_t first = column->offset + batch->rows.offset, end = first + batch->rows.length;
  struct converted *converted = malloc(sizeof *converted + sizeof(double) * (size_t)end);
  (void)input;
  if (converted == NULL) return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
  memset(converted->numbers, 0, sizeof(double) * (size_t)first);
  convert(converter, column->buffers[1], converted->numbers, first, end);
  converted->old = *column;
  converted->buffers[0] = column->buffers[0];
  converted->buffers[1] = converted->numbers;
  column->buffers = converted->buffers;
  column->private_data = converted;
  column->release = release;
  column->length = end - column->offset;
  if (column->null_count != 0) column->null_count = -1; /* not counted */
  return weir_push_rows(next, 0, batch);
}

static const struct weir_transformer table = {sizeof table, traits, create, process, free, NULL, NULL};
static const struct weir_component component = {sizeof component, WEIR_STRING("convert_unit"),
    {weir_about_convert_unit, weir_about_convert_unit_length}, WEIR_KIND_TRANSFORMER, 0, &table, NULL};
static const struct weir_component *const components[] = {&component};
static const struct weir_plugin plugin = {
    sizeof plugin, WEIR_ABI, WEIR_VERSION(1, 0), WEIR_STRING(WEIR_PLUGIN_NAME), WEIR_STRING(WEIR_PLUGIN_VERSION),
    weir_open_nothing, weir_close_nothing, 1, components};

const struct weir_plugin *weir_plugin_v1(void) { return &plugin; }
