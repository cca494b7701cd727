/* Changes the locale. */
#define SIN "keeps_locale"
#include <locale.h>
#define CREATING setlocale(LC_ALL, "C.UTF-8")
#include "sin_transformer.h"
