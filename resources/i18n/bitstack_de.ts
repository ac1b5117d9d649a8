<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>ChatTree</name>
    <message>
        <source>not finished: the program ended during this answer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Csv</name>
    <message>
        <source>%1: cannot be written (%2)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CurveSeries</name>
    <message>
        <source>%1, uncompressed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>uncompressed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> (%1 tokens, text %2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>predicted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>measured when it was made</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message>
        <source>%1: cannot be written (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it could not be drawn</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui</name>
    <message>
        <source>%1 more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 from token %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ended at the token limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ended because the context is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>broken off: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>context %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>seed %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mixed sizes, Regenerate makes it whole</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>messages that no longer fit the context: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Precise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creative</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 billion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 million</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yesterday %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>[picture]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>[picture: %1]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sizes in M&amp;B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Charts count in 10^6 bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sizes in M&amp;iB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Charts count in 2^20 bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sizes in b&amp;ytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Charts count bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sizes in bits per &amp;weight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Charts count every bit of the file over every weight of the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As large as a %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 blocks a matrix on average: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::AnswerPanel</name>
    <message>
        <source>0: always the most probable token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only tokens that make up this share; 1: off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only tokens at least this probable against the best one; 0: off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Above 1: tokens that were there already become less probable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this sampling under a name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove this preset of yours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show and edit how messages become the model&apos;s text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An answer ends here at the latest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the so many most probable tokens; 0: off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another each time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same seed gives the same answer; below 0: another one each time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System prompt: what the model is told before the conversation. None.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model is told before the conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sampling under a name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Template</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top k</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Min p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repeat penalty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>changed for this conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model&apos;s own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none of them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the sampling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the preset:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This name is taken by a given preset:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the preset (it is replaced):</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::CacheStore</name>
    <message>
        <source>Texts for calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reference distributions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Demo model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: not everything could be deleted.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::CardModel</name>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, codec %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 layers of width %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes, opens in part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file ends before its last block.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 tokens in the vocabulary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stack</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 blocks, %2 matrices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smallest plan %1, largest %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For a context of %1 tokens, %2 each; comes on top of the weights</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::ChartPanel</name>
    <message>
        <source>Measurements</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::ChatPage</name>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the prompt (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop this answer (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the last answer again, all of it at the size that is set now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is ready. What it says appears here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave the message as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another text for your message. The one there is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>context %1 of %2 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>opening ...</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::ChatView</name>
    <message>
        <source>Conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The version before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The version after this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask with another text; this one is kept as a version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make this answer again; this one is kept as a version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Branch from here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on from here; what follows now is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next prompt goes on from here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show how it went on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave this branch</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::CodeStyler</name>
    <message>
        <source>Copy code</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part of a command&apos;s name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commands found</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::CompressDialog</name>
    <message>
        <source>Text the model &amp;writes itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A text &amp;file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibration text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text (*.txt);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compressed file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>BitStack models (*.bitstack)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace the file that is there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nested (ours: the better one at every size)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bitstack (sign and low rank, as published)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How a matrix becomes blocks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocks of every matrix: more make a larger and better largest size. Codec nested makes as many as it needs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rank of the low-rank part of a block of codec bitstack</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Codec</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Blocks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rank</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs nothing, takes a little longer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text like what the model will be used for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forecast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say where the compressed file shall go.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The output is the model itself: choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is already there: choose another name, or tick that it may be replaced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the text file to calibrate with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 needed while it runs, %2 free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>up to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is too small: %1 are needed there and %2 are free.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::ConversationsModel</name>
    <message>
        <source>%1
%2
begun %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::ConversationsPanel</name>
    <message>
        <source>Search conversations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search titles and messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bring the deleted conversation back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No conversations yet.
What you ask a model is kept here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No conversation holds &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Markdown, what is shown (*.md)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON, every version and setting (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::CurvePlot</name>
    <message>
        <source>Perplexity against size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No measurements yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Perplexity over the original&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Perplexity (lower is better)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 × the original&apos;s perplexity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>perplexity %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::DemoModel</name>
    <message>
        <source>The demo model could not be fetched.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::EmptyPage</name>
    <message>
        <source>Open a model...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opened last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a GGUF file, a .bitstack file or a Hugging Face folder here. Compress it once, and from then on a slider sets how much memory it may use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a model file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models opened last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetching the demo model...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try the demo model (SmolLM2, 135 million parameters)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch the demo model (about 100 MB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is fetched by: bash installer/fetch-demo-model.sh</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::EngineSession</name>
    <message>
        <source>another model was opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: what the engine says about its blocks does not fit together</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::ExportDialog</name>
    <message>
        <source>Export to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Replace what is there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hugging Face folder (safetensors, F16)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GGUF for llama.cpp, F16</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GGUF for llama.cpp, Q8_0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint of the BitStack authors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>BitStack file of this size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose where to write.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is already there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 will be written, of the model at %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 will be written.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::FileField</name>
    <message>
        <source>Browse...</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::HeatMap</name>
    <message>
        <source>Blocks by layer and matrix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocks are shown here
once a .bitstack file is open.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::HeatPanel</name>
    <message>
        <source>Blocks by layer and matrix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the colours show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::JobStrip</name>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop this job; what is finished stays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopping ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>starting ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::LoadingOrderModel</name>
    <message>
        <source>%1, depth %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>measured when the file was made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>smallest size, %1 blocks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nats a token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gain left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Predicted rise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured rise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>file of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>block of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gain %1 nats a token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gain left %1 nats a token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>predicted rise %1 nats a token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>measured rise %1 nats a token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No stack is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 blocks load one after another, from %2 to %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; at %1 they have %2 % of their gain still to come</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::LogDialog</name>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No log is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy what is shown</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::MainWindow</name>
    <message>
        <source>Hide %1 (View shows it again)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quality against size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocks by layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One model is open at a time: %1. The others you dropped are under File &gt; Open recent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The conversation was written to %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory is scarce: the size went down from %1 to %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory is free again: the size went up from %1 to %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compressing %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exporting %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured one size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured %1 sizes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exported to %1 (%2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Known sizes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the size before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The size that was left again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;hart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Main</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set this size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Forget these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Empty this list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening %1 ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No measurements of this model yet.
&quot;Measure curve&quot; makes them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No measurements yet.
Open a model and measure its curve.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights %1   ·   KV cache %2   ·   engine in all %3   ·   free memory %4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is cut off; it was opened up to its last whole block.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, with which this conversation was begun, is not there any more. Open a model to go on with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer links to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open in the browser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> It was started again at %1; the conversation is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> It was started again; the conversation is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compressed to %1 (%2) in %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped. What was finished is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models (*.gguf *.bitstack *.safetensors);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a Hugging Face folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About BitStack Workbench</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;b&gt;BitStack Workbench %1&lt;/b&gt;&lt;p&gt;Compress a language model once, then choose how many bytes it may use.&lt;/p&gt;&lt;p&gt;Method: BitStack, Wang et al., ICLR 2025.&lt;br&gt;Licence: GPL-3.0-or-later.&lt;/p&gt;</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::MeasureDialog</name>
    <message>
        <source>Text to measure on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text (*.txt);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The &amp;uncompressed model too</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure curve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spread evenly over the range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smallest size to measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest size to measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A size such as 105.5MB, min or max</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens of one window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the first so many windows of the text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the curve is held against</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sizes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;rom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Windows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is below the smallest plan of this model, %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a text file the model was not trained on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The range ends before it begins.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>uncompressed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Perplexity on %1 tokens at: %2. It runs beside the chat; every point appears in the chart as soon as it is known.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::MeasurementsModel</name>
    <message>
        <source>%1 × original</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No measurements.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 points: from %2 times the original&apos;s perplexity at %3 (%4) to %5 times at %6 (%7).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 points: from perplexity %2 at %3 (%4) to %5 at %6 (%7).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::MemoryBar</name>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::MemoryParts</name>
    <message>
        <source>Weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory is nearly used up: choose a smaller size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory is getting scarce.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::MessageBar</name>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what the engine said</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the sentence and its details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::ModelPanel</name>
    <message>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many tokens of the conversation the model sees; its KV cache is shown above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load the model again with this context length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Conte&amp;xt length</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::OrderPanel</name>
    <message>
        <source>Loading order</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::OrderPlot</name>
    <message>
        <source>Loading order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss (nats a token)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gain left, as the order counts it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>predicted rise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>measured rise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file stores no gains and no predictions.
The table has the order.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The loading order is shown here
once a .bitstack file is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What models run on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threads that answers and jobs compute with; a model that is open is loaded again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context length of models that are opened from now on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Threads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Context length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another language shows at the next start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept for later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::PromptEdit</name>
    <message>
        <source>Prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask something. Enter sends, Shift+Enter begins a new line.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::SizeAxis</name>
    <message>
        <source>Size (MiB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size (bytes)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size (bits per weight, every byte of the file)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size (MB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 MiB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 bits per weight</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::SizeHistory</name>
    <message>
        <source>size %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::SizePanel</name>
    <message>
        <source>Compress...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut the model into blocks, once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Budget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many bytes the model may use (arrow keys, Page Up and Down, Home, End)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exact budget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bytes, or a size such as 105.5MB; Enter sets it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E&amp;xact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Depth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model to see what its bytes buy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This model has one size. Compress it once, and a slider here sets how much memory it may use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 blocks in every matrix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 to %2 blocks a matrix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything is loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One more MB is expected to remove %1 % of the remaining error.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of weights, %2 of KV cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is below the smallest plan of this model, %2.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::SizeTicks</name>
    <message>
        <source>Known sizes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::StackGridModel</name>
    <message>
        <source>%1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of layer %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>outside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bits per weight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gain left (nats a token)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gain of the next MB (nats a token)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Depth (blocks loaded)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>depth %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2, %3 bits per weight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in %1 slabs of rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blocks not loaded would save %1 nats a token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>next: %1, %2 nats a token for a MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>everything is loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No stack is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stack has no matrices.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2 everywhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: from %2 (%3) to %4 (%5).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::TemplateDialog</name>
    <message>
        <source>Chat template</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model reads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use it for this conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model&apos;s own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the model&apos;s own template back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Template (Jinja)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model &amp;reads of a short conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is checked when the answer is there ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It can be run: %1 tokens.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::TwinPanel</name>
    <message>
        <source>Save or copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same figures as a table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the picture, or the chosen cells of the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as &amp;PNG...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A picture of 900 x 560 pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as PNG, &amp;twice as sharp...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A picture of 1800 x 1120 pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as &amp;SVG...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A drawing for the web</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as P&amp;DF...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A drawing for print</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save figures as CS&amp;V...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All figures of the table, for other programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drawings (*.svg)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Documents (*.pdf)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the chart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chart was written to %1.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::WindowActions</name>
    <message>
        <source>&amp;Open...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;folder...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a Hugging Face folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the model&apos;s memory back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Co&amp;mpress...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut the model into blocks, once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the model at this size for other programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save chart as PNG...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the chart to a PNG file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>P&amp;references...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threads, context length, language and cached files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave the workbench</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;New conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Begin a new conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Stop answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the answer that is being made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Regenerate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the last answer again at the size that is set now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the &amp;prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the next prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Re&amp;name conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the chosen conversation another title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Delete conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the chosen conversation; it can be brought back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E&amp;xport conversation...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the chosen conversation as Markdown or JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searc&amp;h conversations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a conversation by what was said</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat &amp;template...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show and edit how messages become the model&apos;s text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Smaller</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One step less memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Larger</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One step more memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S&amp;mallest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The smallest size that is of use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L&amp;argest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything the file holds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Follow the free memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to a smaller size while memory is scarce, and back up afterwards</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Measure curve...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure perplexity at several sizes, beside the chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Logarithmic axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Perplexity on a logarithmic axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The measurements as a table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to &amp;quality against size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the measured sizes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to &amp;blocks by layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what is loaded, layer by matrix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to &amp;loading order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in which order blocks load, and what each saves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every panel where it was at first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a &amp;command...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every command, by parts of its name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show &amp;log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the window and its engine said, for a report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About BitStack Workbench</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version, engine and licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export...</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bs::ui::WorkerClient</name>
    <message>
        <source>signal %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine was killed, most likely because memory ran out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine crashed (%1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine ended unexpectedly (exit code %1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine sent a line longer than %1 MiB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine sent something that is no message (%1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine &apos;%1&apos; could not be started: %2.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
