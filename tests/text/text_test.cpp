#include <weir_catch.hpp>
