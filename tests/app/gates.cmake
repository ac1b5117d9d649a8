# Rules about the source tree itself, each a ctest (label app). A gate that finds nothing to check fails.
function(bs_add_gate name)
    add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} ${ARGN})
    set_tests_properties(${name} PROPERTIES LABELS app TIMEOUT 60)
endfunction()

bs_add_gate(check_layering -DROOT=${CMAKE_SOURCE_DIR}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/check_layering.cmake)
bs_add_gate(check_layering_itself -DSCRIPT=${CMAKE_CURRENT_SOURCE_DIR}/check_layering.cmake
    -DSCRATCH=${CMAKE_CURRENT_BINARY_DIR}/check_layering -P ${CMAKE_CURRENT_SOURCE_DIR}/check_layering_itself.cmake)

find_program(BS_GIT git)
bs_add_gate(check_top_level -DROOT=${CMAKE_SOURCE_DIR} -DGIT=${BS_GIT}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/check_top_level.cmake)

get_property(modules GLOBAL PROPERTY BS_CORE_MODULES)
list(TRANSFORM modules REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE archives)
file(GLOB_RECURSE islands CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/core/*_avx*.cpp)
list(TRANSFORM islands REPLACE "^.*/([^/]+)[.]cpp$" "\\1")
# Lists travel with commas: a semicolon would end the argument.
list(JOIN archives "," archives)
list(JOIN islands "," islands)
bs_add_gate(check_islands -DNM=${CMAKE_NM} "-DARCHIVES=${archives}" "-DEXPECT=${islands}"
    -P ${CMAKE_CURRENT_SOURCE_DIR}/check_islands.cmake)
add_library(bs_planted_island STATIC planted_avx2.cpp)
bs_add_gate(check_islands_itself -DNM=${CMAKE_NM} -DARCHIVES=$<TARGET_FILE:bs_planted_island>
    -DEXPECT=planted_avx2 -P ${CMAKE_CURRENT_SOURCE_DIR}/check_islands.cmake)
set_tests_properties(check_islands_itself PROPERTIES
    PASS_REGULAR_EXPRESSION "planted_avx2.cpp.o defines the weak symbol")
