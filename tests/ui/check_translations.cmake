# Every text of the window stands translated in every language's file, and none that is gone.
#   cmake -DSOURCE=.. -DLUPDATE=.. -DFOLDER=.. -P check_translations.cmake
file(GLOB files ${SOURCE}/resources/i18n/*.ts)
if(NOT files)
    message(FATAL_ERROR "resources/i18n holds no translation")
endif()
foreach(committed IN LISTS files)
    get_filename_component(name ${committed} NAME)
    set(fresh ${FOLDER}/${name})
    file(COPY ${committed} DESTINATION ${FOLDER})
    execute_process(
        COMMAND ${LUPDATE} -I ${SOURCE} -no-obsolete -locations none ${SOURCE}/ui ${SOURCE}/app/main_gui.cpp -ts ${fresh}
        OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE failed)
    if(failed)
        message(FATAL_ERROR "lupdate failed: ${said}")
    endif()
    # A class without a context of its own: at run time its texts are looked up elsewhere. Those of
    # functions are ui/models/translate.h's.
    string(REGEX MATCHALL "[^\n]*(lacks Q_OBJECT|unknown namespace)[^\n]*" lost "${said}")
    list(FILTER lost EXCLUDE REGEX "Class 'bs::ui' lacks")
    if(lost)
        message(FATAL_ERROR "texts without a context (Q_DECLARE_TR_FUNCTIONS is missing): ${lost}")
    endif()
    file(READ ${committed} before)
    file(READ ${fresh} after)
    if(NOT before STREQUAL after)
        message(FATAL_ERROR "${name} does not hold the window's texts. Bring them in with\n"
            "  lupdate -I . -no-obsolete -locations none ui app/main_gui.cpp -ts resources/i18n/${name}\n"
            "and translate what is new.")
    endif()
    string(REGEX MATCHALL "<message" messages "${before}")
    string(REGEX MATCHALL "type=\"unfinished\"" unfinished "${before}")
    list(LENGTH messages count)
    list(LENGTH unfinished missing)
    if(missing GREATER 0 OR count EQUAL 0)
        message(FATAL_ERROR "${name}: ${missing} of ${count} texts are not translated")
    endif()
    message(STATUS "${name}: ${count} texts")
endforeach()
