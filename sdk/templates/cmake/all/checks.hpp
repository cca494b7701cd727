// What a test needs: must() ends the program with a line that says what was wrong.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

inline void must(bool condition, const std::string& otherwise) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", otherwise.c_str());
  std::exit(1);
}
