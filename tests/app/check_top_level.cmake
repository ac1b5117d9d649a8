# The top level of the repository is fixed; a new name there is a decision, not an accident.
# cmake -DROOT=<source folder> -DGIT=<git> -P check_top_level.cmake
cmake_minimum_required(VERSION 3.25)
set(fixed CMakeLists.txt CMakePresets.json LICENSE README.md app core gpu installer resources tests ui)

if(EXISTS ${ROOT}/.git)
    # Another owner of the folder (a clone made by root, say) is no reason not to look.
    execute_process(COMMAND ${GIT} -c safe.directory=* ls-files WORKING_DIRECTORY ${ROOT}
        RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE said)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "git ls-files failed in ${ROOT}: ${said}")
    endif()
    string(REGEX MATCHALL "[^\n]+" paths "${output}")
else() # an unpacked archive
    file(GLOB paths RELATIVE ${ROOT} ${ROOT}/*)
    list(REMOVE_ITEM paths build)
endif()

set(found "")
foreach(path IN LISTS paths)
    string(REGEX REPLACE "/.*" "" name "${path}")
    if(NOT name MATCHES "^[.]")
        list(APPEND found ${name})
    endif()
endforeach()
list(REMOVE_DUPLICATES found)
foreach(name IN LISTS found)
    if(NOT name IN_LIST fixed)
        message(SEND_ERROR "${name} does not belong at the top level")
    endif()
endforeach()
foreach(name IN LISTS fixed)
    if(NOT name IN_LIST found)
        message(SEND_ERROR "${name} is missing at the top level")
    endif()
endforeach()
