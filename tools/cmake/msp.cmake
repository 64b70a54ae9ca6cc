# How everything here is built. A folder's CMakeLists.txt says what it is made of and what it links:
#
#   msp_library(store SOURCES store.cpp queue.cpp LINKS domain world)       target msp_store
#   msp_tests(store queue_test.cpp LINKS memory_store)                      target store_tests, in CTest
#   msp_executable(msp SOURCES main.cpp LINKS api cli)                      target msp
#
# LINKS holds our libraries by folder name, the packages by the words in the table below, or any other
# target by its own name. Tests link the library of their own name by themselves.

include_guard(GLOBAL)

# ---------------------------------------------------------------------------------------- packages

# Boost 1.81 by name: the distribution's default is 1.74.
find_package(Boost 1.81.0 EXACT CONFIG REQUIRED COMPONENTS headers json)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(fmt 9 CONFIG REQUIRED)
find_package(tomlplusplus 3.3 CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED COMPONENTS core)
find_library(JEMALLOC_LIBRARY jemalloc REQUIRED)
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
find_path(DOCTEST_INCLUDE_DIR doctest/doctest.h REQUIRED)

set(MSP_PACKAGE_boost Boost::headers Threads::Threads)
set(MSP_PACKAGE_boost_json Boost::json)
set(MSP_PACKAGE_openssl OpenSSL::SSL OpenSSL::Crypto)
set(MSP_PACKAGE_sqlite SQLite::SQLite3)
set(MSP_PACKAGE_curl CURL::libcurl)
set(MSP_PACKAGE_fmt fmt::fmt)
set(MSP_PACKAGE_toml tomlplusplus::tomlplusplus)
set(MSP_PACKAGE_prometheus prometheus-cpp::core)
set(MSP_PACKAGE_threads Threads::Threads)
set(MSP_PACKAGE_cli11 "")  # headers only, in the compiler's own path
set(MSP_PACKAGE_doctest "")

# ------------------------------------------------------------------------------------------- house

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Debug CACHE STRING "" FORCE)
endif()
set(MSP_SANITIZE "" CACHE STRING "sanitizers, as in -fsanitize=; empty for none")
set(MSP_TOGETHER 1 CACHE STRING "how many sources of a target are compiled as one")

# Assertions hold in every build, whatever the build type says by itself.
foreach(type IN ITEMS DEBUG RELEASE RELWITHDEBINFO MINSIZEREL)
    string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_${type} "${CMAKE_CXX_FLAGS_${type}}")
endforeach()

# ccache is told where the tree begins, so that a fresh clone hits what another clone compiled.
find_program(MSP_CCACHE ccache)
if(MSP_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${MSP_CCACHE})
endif()
find_program(MSP_MOLD mold)

# The rules of the house for one target: language, warnings, hardening, where includes begin.
function(msp_rules target)
    target_compile_features(${target} PRIVATE cxx_std_20)
    set_target_properties(${target} PROPERTIES
        CXX_EXTENSIONS OFF
        POSITION_INDEPENDENT_CODE ON)
    if(NOT MSP_TOGETHER EQUAL 1)
        set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${MSP_TOGETHER})
    endif()
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
    string(FIND ${CMAKE_CURRENT_SOURCE_DIR}/ ${PROJECT_SOURCE_DIR}/src/ within_src)
    if(NOT within_src EQUAL 0)  # "tests/kill/x.hpp" and the like, among themselves
        target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
    endif()
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
        # g++ 12 sees overlapping copies in std::string that are not there (GCC bug 105651).
        $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
        # It also sees optional texts uninitialised that are not (GCC bug 80635).
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
        -fstack-protector-strong
        # Of sources compiled as one: a constant of one is no global to the parameters of another.
        $<$<NOT:$<EQUAL:${MSP_TOGETHER},1>>:-Wno-shadow>
        -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
    target_compile_definitions(${target} PRIVATE _GLIBCXX_ASSERTIONS)
    target_link_options(${target} PRIVATE -Wl,-z,relro,-z,now)
    if(MSP_MOLD)
        target_link_options(${target} PRIVATE -fuse-ld=mold)
    endif()
    if(MSP_SANITIZE)
        target_compile_options(${target} PRIVATE
            -fsanitize=${MSP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
        target_link_options(${target} PRIVATE -fsanitize=${MSP_SANITIZE})
        if(MSP_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
            # Asio's fences, which this sanitizer does not see; locks stand beside every one of them.
            target_compile_options(${target} PRIVATE -Wno-tsan)
        endif()
    else()
        # The sanitizers replace the very functions that this one checks.
        target_compile_options(${target} PRIVATE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    endif()
endfunction()

# Links by word: a package of the table above, else a library of ours, else the name of a target.
# Our libraries are passed on to whoever links the target; packages stay behind it.
function(msp_link target)
    foreach(word IN LISTS ARGN)
        if(DEFINED MSP_PACKAGE_${word})
            target_link_libraries(${target} PRIVATE ${MSP_PACKAGE_${word}})
        elseif(word MATCHES "^msp_|::")
            target_link_libraries(${target} PUBLIC ${word})
        else()
            target_link_libraries(${target} PUBLIC msp_${word})
        endif()
    endforeach()
endfunction()

# --------------------------------------------------------------------------------------- functions

# A static library msp_<name>; without SOURCES, headers alone.
function(msp_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
    if(NOT arg_SOURCES)
        add_library(msp_${name} INTERFACE)
        list(TRANSFORM arg_LINKS PREPEND msp_ OUTPUT_VARIABLE links)
        target_link_libraries(msp_${name} INTERFACE ${links})
        return()
    endif()
    add_library(msp_${name} STATIC ${arg_SOURCES})
    msp_rules(msp_${name})
    msp_link(msp_${name} ${arg_LINKS})
endfunction()

# A listing of what this folder holds, by name: writes `output` from `template`, in which @declarations@
# stands for a `declaration` of each name and @entries@ for an `entry` of each. `#` is the name in both.
function(msp_listing)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "TEMPLATE;OUTPUT;DECLARATION;ENTRY" "NAMES")
    set(declarations "")
    set(entries "")
    foreach(name IN LISTS arg_NAMES)
        string(REPLACE "#" "${name}" declaration "${arg_DECLARATION}")
        string(REPLACE "#" "${name}" entry "${arg_ENTRY}")
        string(APPEND declarations "${declaration};\n")
        string(APPEND entries "        ${entry},\n")
    endforeach()
    configure_file(${arg_TEMPLATE} ${arg_OUTPUT} @ONLY)
    # It declares what the listed sources declare, each for itself.
    set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/${arg_OUTPUT}
        PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# An executable <name>.
function(msp_executable name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
    add_executable(${name} ${arg_SOURCES})
    msp_rules(${name})
    msp_link(${name} ${arg_LINKS})
endfunction()

add_custom_target(unit_tests COMMENT "all tests under src/")
add_custom_target(threads_tests COMMENT "those of them with something for the thread sanitizer")
add_library(msp_test_main OBJECT ${CMAKE_CURRENT_LIST_DIR}/test_main.cpp)
msp_rules(msp_test_main)

# One doctest executable <name>_tests, which CTest runs as one test from the root of the tree: a test
# reads its samples from there by path, and writes only to a temporary folder. What stands under src/
# is labelled `unit`, all else `system`; `threads` too, unless ONE_THREAD says that it starts no second
# one. SECONDS is the bound after which a hanging test is ended.
function(msp_tests name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "ONE_THREAD" "SECONDS" "LINKS")
    set(target ${name}_tests)
    add_executable(${target} ${arg_UNPARSED_ARGUMENTS})
    msp_rules(${target})
    target_compile_options(${target} PRIVATE -O1)
    target_link_libraries(${target} PRIVATE msp_test_main)
    if(TARGET msp_${name})
        msp_link(${target} ${name})
    endif()
    msp_link(${target} ${arg_LINKS})

    add_test(NAME ${name} COMMAND ${target} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    string(FIND ${CMAKE_CURRENT_SOURCE_DIR}/ ${PROJECT_SOURCE_DIR}/src/ below_src)
    if(below_src EQUAL 0)
        set(labels unit)
        add_dependencies(unit_tests ${target})
        if(NOT arg_ONE_THREAD)
            list(APPEND labels threads)
            add_dependencies(threads_tests ${target})
        endif()
    else()
        set(labels system)
    endif()
    if(NOT arg_SECONDS)
        set(arg_SECONDS 900)
    endif()
    set_tests_properties(${name} PROPERTIES
        LABELS "${labels}"
        TIMEOUT ${arg_SECONDS}
        ENVIRONMENT "UBSAN_OPTIONS=print_stacktrace=1;TSAN_OPTIONS=halt_on_error=1")
endfunction()
