# Runs the engine's benchmark on files made anew.
file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
execute_process(COMMAND ${PROGRAM} ${FOLDER} --tiny RESULT_VARIABLE failed)
file(REMOVE_RECURSE ${FOLDER})
if(failed)
    message(FATAL_ERROR "bench_gpu_engine --tiny ended with ${failed}")
endif()
