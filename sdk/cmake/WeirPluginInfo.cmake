# weir_generate_plugin_info(NAME SCHEMA HEADER): reads a plugin's schema.json and writes its weir_plugin_info.h.
#
# schema.json:  {"name": …, "version": semantic, "license": SPDX, "summary": …,
#                "components": {NAME: {"kind": …, "summary": …, "description": …, "schema": JSON Schema, draft 7}}}
#               Components of different kinds may share a name: the key of one is then another word, and "name" in it the name.
#
# The header, C11 and C++20, is for the one source that defines weir_plugin_v1():
#   weir_info[]               in the section .weir: schema.json and "abi", "needs_abi", "preview", "sdk"; readable without loading
#   WEIR_PLUGIN_NAME, WEIR_PLUGIN_VERSION, WEIR_COMPONENT_COUNT
#   weir_about_KEY[]          JSON: name, kind, summary, description, schema; ends with a zero. For weir_component.about
#   weir_about_KEY_length
#   weir_about_entries[]      C++: name, about, about_length, kind of every component, constant
#
# Texts stand there as arrays of characters: C promises literals of 4095 characters only.
# Without a project: cmake -D SCHEMA=schema.json -D HEADER=weir_plugin_info.h -P WeirPluginInfo.cmake
cmake_policy(VERSION 3.25)

# Has the project configured anew when the schema changes. There is none when this runs alone.
function(weir_depend_on_ schema)
  if(NOT CMAKE_SCRIPT_MODE_FILE)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${schema}")
  endif()
endfunction()

# Stops the configuration, naming the file and the place in it.
function(weir_schema_error_ schema place problem)
  weir_depend_on_("${schema}")
  message(FATAL_ERROR "${schema}: ${place}: ${problem}")
endfunction()

# Reads the text at the path ARGN of `json` into `out`, or stops.
function(weir_schema_text_ out schema json)
  string(JSON type ERROR_VARIABLE problem TYPE "${json}" ${ARGN})
  list(JOIN ARGN "/" place)
  if(problem)
    weir_schema_error_("${schema}" "/${place}" "expected a text, found nothing")
  elseif(NOT type STREQUAL "STRING")
    weir_schema_error_("${schema}" "/${place}" "expected a text, found ${type}")
  endif()
  string(JSON text GET "${json}" ${ARGN})
  if("${text}" STREQUAL "")
    weir_schema_error_("${schema}" "/${place}" "expected a text, found an empty one")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# Stops unless the component's options are a closed object whose every property is described.
function(weir_check_options_ schema json component)
  set(place components "${component}" schema)
  string(JSON type ERROR_VARIABLE problem GET "${json}" ${place} type)
  if(problem OR NOT type STREQUAL "object")
    weir_schema_error_("${schema}" "/components/${component}/schema" "expected a JSON Schema of type \"object\"")
  endif()
  string(JSON closed ERROR_VARIABLE problem TYPE "${json}" ${place} additionalProperties)
  if(problem)
    weir_schema_error_("${schema}" "/components/${component}/schema"
      "expected \"additionalProperties\": false (or a schema for them), or a misspelt option passes unseen")
  endif()
  string(JSON count ERROR_VARIABLE none LENGTH "${json}" ${place} properties)
  if(none OR count EQUAL 0)
    return()
  endif()
  math(EXPR last "${count} - 1")
  foreach(index RANGE ${last})
    string(JSON option MEMBER "${json}" ${place} properties ${index})
    weir_schema_text_(description "${schema}" "${json}" ${place} properties "${option}" description)
  endforeach()
endfunction()

# Turns `text` into the characters of an array with a final zero. The text goes by a file: CMake reads those as bytes.
function(weir_characters_ out text scratch)
  file(WRITE "${scratch}" "${text}")
  file(READ "${scratch}" bytes HEX)
  file(REMOVE "${scratch}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," characters "${bytes}")
  # Twenty to a line, for the sake of whoever opens the file.
  string(REGEX REPLACE "(('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',)('[^']*',))" "\\1\n  "
    characters "${characters}")
  string(LENGTH "${bytes}" digits)
  math(EXPR length "${digits} / 2")
  set(${out} "${characters}'\\0'" PARENT_SCOPE)
  set(${out}_length "${length}" PARENT_SCOPE)
endfunction()

# Takes the line breaks out of JSON. A text in JSON holds none, so they are between its parts.
function(weir_minify_ out json)
  string(REGEX REPLACE "[ \t]*\r?\n[ \t]*" "" text "${json}")
  string(STRIP "${text}" text)
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# Appends one component's declarations to WEIR_ABOUTS_, and its line of the table to WEIR_ENTRIES_.
function(weir_describe_component_ schema json component scratch)
  if(NOT component MATCHES "^[a-z][a-z0-9_]*$")
    weir_schema_error_("${schema}" "/components/${component}" "expected a name of a-z, 0-9 and _, a letter first")
  endif()
  set(place components "${component}")
  string(JSON name ERROR_VARIABLE unnamed GET "${json}" ${place} name)
  if(unnamed)
    set(name "${component}")
  elseif(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    weir_schema_error_("${schema}" "/components/${component}/name" "expected a name of a-z, 0-9 and _, a letter first")
  endif()
  weir_schema_text_(kind "${schema}" "${json}" ${place} kind)
  set(kinds extractor transformer loader format storage codec connection)
  if(NOT kind IN_LIST kinds)
    list(JOIN kinds ", " kinds)
    weir_schema_error_("${schema}" "/components/${component}/kind" "expected one of ${kinds}, found \"${kind}\"")
  endif()
  weir_schema_text_(summary "${schema}" "${json}" ${place} summary)
  weir_schema_text_(description "${schema}" "${json}" ${place} description)
  weir_check_options_("${schema}" "${json}" "${component}")

  string(JSON about GET "${json}" ${place})
  string(JSON about SET "${about}" name "\"${name}\"")
  weir_minify_(about "${about}")
  weir_characters_(characters "${about}" "${scratch}")
  string(TOUPPER "${kind}" kind)
  string(APPEND WEIR_ABOUTS_ "WEIR_ABOUT_CONSTANT char weir_about_${component}[] = {\n  ${characters}};\n"
    "enum { weir_about_${component}_length = ${characters_length} };\n")
  string(APPEND WEIR_ENTRIES_
    "    {\"${name}\", weir_about_${component}, ${characters_length}, WEIR_KIND_${kind}},\n")
  set(WEIR_ABOUTS_ "${WEIR_ABOUTS_}" PARENT_SCOPE)
  set(WEIR_ENTRIES_ "${WEIR_ENTRIES_}" PARENT_SCOPE)
endfunction()

# Checks what stands beside the components; sets WEIR_VERSION_.
function(weir_check_plugin_ name schema json)
  weir_schema_text_(found "${schema}" "${json}" name)
  if(NOT found STREQUAL name)
    weir_schema_error_("${schema}" "/name" "expected \"${name}\", as weir_add_plugin() says, found \"${found}\"")
  endif()
  weir_schema_text_(version "${schema}" "${json}" version)
  if(NOT version MATCHES "^[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.+-]+)?$")
    weir_schema_error_("${schema}" "/version" "expected a semantic version such as 1.0.0, found \"${version}\"")
  endif()
  weir_schema_text_(license "${schema}" "${json}" license)
  weir_schema_text_(summary "${schema}" "${json}" summary)
  string(JSON count ERROR_VARIABLE problem LENGTH "${json}" components)
  if(problem OR count EQUAL 0)
    weir_schema_error_("${schema}" "/components" "expected an object with a member for each component, found none")
  endif()
  set(WEIR_VERSION_ "${version}" PARENT_SCOPE)
  set(WEIR_COUNT_ "${count}" PARENT_SCOPE)
endfunction()

function(weir_generate_plugin_info name schema header)
  if(NOT EXISTS "${schema}")
    message(FATAL_ERROR "plugin ${name}: expected ${schema}, which says what it is, found no such file")
  endif()
  weir_depend_on_("${schema}")
  file(READ "${schema}" json)
  string(JSON type ERROR_VARIABLE problem TYPE "${json}")
  if(problem)
    string(REGEX REPLACE "[ \n]+" " " problem "${problem}")
    message(FATAL_ERROR "${schema}: expected JSON: ${problem}")
  endif()
  weir_check_plugin_("${name}" "${schema}" "${json}")

  set(WEIR_ABOUTS_)
  set(WEIR_ENTRIES_)
  math(EXPR last "${WEIR_COUNT_} - 1")
  foreach(index RANGE ${last})
    string(JSON component MEMBER "${json}" components ${index})
    weir_describe_component_("${schema}" "${json}" "${component}" "${header}.bytes")
  endforeach()

  include("${WEIR_SDK_CMAKE_DIR}/WeirAbi.cmake")
  weir_minify_(info "${json}")
  string(REGEX REPLACE "^{" "{${WEIR_INFO_HEAD_},\"sdk\":\"${WEIR_SDK_VERSION}\"," info "${info}")
  weir_characters_(characters "${info}" "${header}.bytes")
  set(WEIR_INFO_ "${characters}")
  set(WEIR_NAME_ "${name}")
  configure_file("${WEIR_SDK_CMAKE_DIR}/weir_plugin_info.h.in" "${header}" @ONLY)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  if(NOT SCHEMA OR NOT HEADER)
    message(FATAL_ERROR "expected -D SCHEMA=schema.json -D HEADER=weir_plugin_info.h, found '${SCHEMA}' and '${HEADER}'")
  endif()
  cmake_path(ABSOLUTE_PATH SCHEMA)
  cmake_path(ABSOLUTE_PATH HEADER)
  set(WEIR_SDK_CMAKE_DIR "${CMAKE_CURRENT_LIST_DIR}")
  include("${CMAKE_CURRENT_LIST_DIR}/weirConfigVersion.cmake" OPTIONAL)
  set(WEIR_SDK_VERSION "${PACKAGE_VERSION}")
  file(READ "${SCHEMA}" json)
  string(JSON name ERROR_VARIABLE none GET "${json}" name)
  weir_generate_plugin_info("${name}" "${SCHEMA}" "${HEADER}")
endif()
