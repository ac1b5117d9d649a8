// A library that only answers the opener's question, as the compiler was told to.
#ifdef BS_ANSWER
extern "C" int bs_gpu_plugin_interface()
{
    return BS_ANSWER;
}
#endif
