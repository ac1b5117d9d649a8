# The few functions every CMakeLists.txt of the project is written with.

find_program(BS_CCACHE ccache)
if(BS_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${BS_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${BS_CCACHE})
endif()

add_library(bs_flags INTERFACE)
target_include_directories(bs_flags INTERFACE ${CMAKE_SOURCE_DIR})
# Not for nvcc, which has none of them. Debug info and sanitizers make GCC 12 warn about code it inlined itself (-Wno-restrict).
target_compile_options(bs_flags INTERFACE
    "$<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion;$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>>")
if(BS_WERROR)
    target_compile_options(bs_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
if(BS_ASSERTS)
    target_compile_definitions(bs_flags INTERFACE BS_ASSERTS=1)
endif()
if(BS_SANITIZE)
    add_compile_options(-fsanitize=${BS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${BS_SANITIZE})
endif()

# bs_add_module(<folder under core, '/' as '_'> SOURCES ... [DEPENDS modules ...] [LIBS targets ...])
# One static library for one module, bs_core_<name>. DEPENDS names modules of lower levels only;
# tests/app/check_layering.cmake checks the includes themselves.
function(bs_add_module name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LIBS;PRIVATE_LIBS" ${ARGN})
    add_library(bs_core_${name} STATIC ${ARG_SOURCES})
    list(TRANSFORM ARG_DEPENDS PREPEND bs_core_)
    target_link_libraries(bs_core_${name} PUBLIC bs_flags ${ARG_DEPENDS} ${ARG_LIBS} PRIVATE ${ARG_PRIVATE_LIBS})
    set_target_properties(bs_core_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    set_property(GLOBAL APPEND PROPERTY BS_CORE_MODULES bs_core_${name})
endfunction()

# bs_add_test(tst_name SOURCES ... LIBS ... LABELS folder [model] [threads] [reference])
# One executable and one ctest per file. Label "model": needs the demo model, 600 s; "reference":
# needs the reference folder. A test whose data is missing is not registered, and the run says so.
function(bs_add_test name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LIBS;LABELS" ${ARGN})
    if(NOT ARG_SOURCES)
        set(ARG_SOURCES ${name}.cpp)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    # doctest with its implementation compiled once (tests/support).
    list(TRANSFORM ARG_LIBS REPLACE "^doctest::doctest$" "bs_doctest")
    target_link_libraries(${name} PRIVATE bs_flags ${ARG_LIBS})
    target_compile_definitions(${name} PRIVATE
        BS_TEST_DATA_DIR="${CMAKE_SOURCE_DIR}/tests/data"
        BS_REFERENCE_DIR="${BS_REFERENCE_DIR}" BS_DEMO_MODEL="${BS_DEMO_MODEL}")
    if("reference" IN_LIST ARG_LABELS AND NOT BS_HAVE_REFERENCE)
        set_property(GLOBAL APPEND PROPERTY BS_UNREGISTERED "${name} (no reference folder)")
        return()
    endif()
    if("model" IN_LIST ARG_LABELS AND NOT BS_HAVE_DEMO_MODEL)
        set_property(GLOBAL APPEND PROPERTY BS_UNREGISTERED "${name} (no demo model)")
        return()
    endif()
    add_test(NAME ${name} COMMAND ${name})
    set(timeout 60)
    if("model" IN_LIST ARG_LABELS)
        set(timeout 600)
    elseif("gpu" IN_LIST ARG_LABELS)
        set(timeout 300) # the emulation with sanitizers, on a machine that does other work too
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${timeout}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
endfunction()
