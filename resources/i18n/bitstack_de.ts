<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>BudgetLine</name>
    <message>
        <source>now %1</source>
        <translation>jetzt %1</translation>
    </message>
</context>
<context>
    <name>ChatTree</name>
    <message>
        <source>not finished: the program ended during this answer</source>
        <translation>unvollständig: Das Programm wurde während dieser Antwort beendet</translation>
    </message>
</context>
<context>
    <name>Csv</name>
    <message>
        <source>%1: cannot be written (%2)</source>
        <translation>%1 kann nicht geschrieben werden (%2)</translation>
    </message>
</context>
<context>
    <name>CurveSeries</name>
    <message>
        <source>%1, uncompressed</source>
        <translation>%1, unkomprimiert</translation>
    </message>
    <message>
        <source>uncompressed</source>
        <translation>unkomprimiert</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>vorhergesagt</translation>
    </message>
    <message>
        <source>measured when it was made</source>
        <translation>beim Erstellen gemessen</translation>
    </message>
    <message>
        <source>%1, recipe %2</source>
        <translation>%1, Rezept %2</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>context %1</source>
        <translation>Kontext %1</translation>
    </message>
    <message>
        <source>text %1</source>
        <translation>Text %1</translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message>
        <source>%1: cannot be written (%2)</source>
        <translation>%1 kann nicht geschrieben werden (%2)</translation>
    </message>
    <message>
        <source>it could not be drawn</source>
        <translation>Zeichnen fehlgeschlagen</translation>
    </message>
</context>
<context>
    <name>bs::ui</name>
    <message>
        <source>%1 more</source>
        <translation>%1 weitere</translation>
    </message>
    <message>
        <source>%1 from token %2</source>
        <translation>%1 ab Token %2</translation>
    </message>
    <message>
        <source>ended at the token limit</source>
        <translation>Token-Obergrenze erreicht</translation>
    </message>
    <message>
        <source>ended because the context is full</source>
        <translation>beendet, weil der Kontext voll ist</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>gestoppt</translation>
    </message>
    <message>
        <source>broken off: %1</source>
        <translation>abgebrochen: %1</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 Token/s</translation>
    </message>
    <message>
        <source>context %1 of %2</source>
        <translation>Kontext %1 von %2</translation>
    </message>
    <message>
        <source>seed %1</source>
        <translation>Startwert %1</translation>
    </message>
    <message>
        <source>mixed sizes, Regenerate makes it whole</source>
        <translation>gemischte Größen, „Neu erzeugen“ behebt das</translation>
    </message>
    <message>
        <source>messages that no longer fit the context: %1</source>
        <translation>Nachrichten, die nicht mehr in den Kontext passen: %1</translation>
    </message>
    <message>
        <source>Precise</source>
        <translation>Präzise</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>Creative</source>
        <translation>Kreativ</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1 Byte</translation>
    </message>
    <message>
        <source>%1 billion</source>
        <translation>%1 Mrd.</translation>
    </message>
    <message>
        <source>%1 million</source>
        <translation>%1 Mio.</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>yesterday %1</source>
        <translation>gestern %1</translation>
    </message>
    <message>
        <source>[picture]</source>
        <translation>[Bild]</translation>
    </message>
    <message>
        <source>[picture: %1]</source>
        <translation>[Bild: %1]</translation>
    </message>
    <message>
        <source>Sizes in M&amp;B</source>
        <translation>Größen in M&amp;B</translation>
    </message>
    <message>
        <source>Charts count in 10^6 bytes</source>
        <translation>Diagramme rechnen in 10^6 Byte</translation>
    </message>
    <message>
        <source>Charts count in 2^20 bytes</source>
        <translation>Diagramme rechnen in 2^20 Byte</translation>
    </message>
    <message>
        <source>Sizes in b&amp;ytes</source>
        <translation>Größen in B&amp;yte</translation>
    </message>
    <message>
        <source>Charts count bytes</source>
        <translation>Diagramme rechnen in Byte</translation>
    </message>
    <message>
        <source>Sizes in bits per &amp;weight</source>
        <translation>Größen in Bit je &amp;Gewicht</translation>
    </message>
    <message>
        <source>Charts count every bit of the file over every weight of the model</source>
        <translation>Diagramme teilen alle Bits der Datei durch alle Gewichte des Modells</translation>
    </message>
    <message>
        <source>As large as a %1: %2</source>
        <translation>So groß wie %1: %2</translation>
    </message>
    <message>
        <source>Depth %1 on average: %2</source>
        <translation>Im Mittel Tiefe %1: %2</translation>
    </message>
    <message>
        <source>nothing more</source>
        <translation>nichts mehr</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>the end</source>
        <translation>das Ende</translation>
    </message>
    <message>
        <source>“%1”</source>
        <translation>„%1“</translation>
    </message>
    <message>
        <source>The two read the prompt as different tokens, so their answers are not compared token by token.</source>
        <translation>Die beiden zerlegen den Prompt in verschiedene Token, daher werden ihre Antworten nicht Token für Token verglichen.</translation>
    </message>
    <message>
        <source>The one token of both answers is the same.</source>
        <translation>Das eine Token beider Antworten ist gleich.</translation>
    </message>
    <message>
        <source>All %1 tokens are the same.</source>
        <translation>Alle %1 Token sind gleich.</translation>
    </message>
    <message>
        <source>They differ from the first token on: A says %1 and B %2.</source>
        <translation>Sie unterscheiden sich vom ersten Token an: A sagt %1 und B %2.</translation>
    </message>
    <message>
        <source>The first token is the same</source>
        <translation>Das erste Token ist gleich</translation>
    </message>
    <message>
        <source>The first %1 tokens are the same</source>
        <translation>Die ersten %1 Token sind gleich</translation>
    </message>
    <message>
        <source>%1; then A says %2 and B %3.</source>
        <translation>%1; danach steht bei A %2, bei B %3.</translation>
    </message>
    <message>
        <source>this one token</source>
        <translation>dieses eine Token</translation>
    </message>
    <message>
        <source>these %1 tokens</source>
        <translation>diese %1 Token</translation>
    </message>
    <message>
        <source>%1 keeps %2.</source>
        <translation>%1 behält %2.</translation>
    </message>
    <message>
        <source> There is no smaller size.</source>
        <translation> Eine kleinere Größe gibt es nicht.</translation>
    </message>
    <message>
        <source> Written one after another, token %1 comes out as another there: two are about as likely.</source>
        <translation> Wird Token für Token geschrieben, fällt dort Token %1 anders aus: Zwei sind etwa gleich wahrscheinlich.</translation>
    </message>
    <message>
        <source>**Prompt**</source>
        <translation>**Prompt**</translation>
    </message>
    <message>
        <source>KL, mean</source>
        <translation>KL, Mittel</translation>
    </message>
    <message>
        <source>KL, median</source>
        <translation>KL, Median</translation>
    </message>
    <message>
        <source>Same top token</source>
        <translation>Gleiches Top-Token</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>Perplexität</translation>
    </message>
    <message>
        <source>Perplexity over the original&apos;s</source>
        <translation>Perplexität relativ zum Original</translation>
    </message>
    <message>
        <source>Perplexity (lower is better)</source>
        <translation>Perplexität (kleiner ist besser)</translation>
    </message>
    <message>
        <source>Mean KL divergence from the original against size</source>
        <translation>Mittlere KL-Divergenz zum Original nach Größe</translation>
    </message>
    <message>
        <source>Median KL divergence from the original against size</source>
        <translation>Median der KL-Divergenz zum Original nach Größe</translation>
    </message>
    <message>
        <source>Same top token as the original against size</source>
        <translation>Gleiches Top-Token wie das Original nach Größe</translation>
    </message>
    <message>
        <source>Perplexity against size</source>
        <translation>Perplexität nach Größe</translation>
    </message>
    <message>
        <source>mean KL %1</source>
        <translation>mittlere KL %1</translation>
    </message>
    <message>
        <source>median KL %1</source>
        <translation>Median-KL %1</translation>
    </message>
    <message>
        <source>same top token %1</source>
        <translation>gleiches Top-Token %1</translation>
    </message>
    <message>
        <source>%1 × the original&apos;s perplexity</source>
        <translation>%1 × Perplexität des Originals</translation>
    </message>
    <message>
        <source>perplexity %1</source>
        <translation>Perplexität %1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>bitstack, rank %1, %2 blocks</source>
        <translation>bitstack, Rang %1, %2 Blöcke</translation>
    </message>
    <message>
        <source>calibrated on its own text</source>
        <translation>mit eigenem Text kalibriert</translation>
    </message>
    <message>
        <source>one size</source>
        <translation>eine Größe</translation>
    </message>
    <message>
        <source>%1 sizes</source>
        <translation>%1 Größen</translation>
    </message>
    <message>
        <source>sweep %1</source>
        <translation>Messreihe %1</translation>
    </message>
    <message>
        <source>GGUF %1</source>
        <translation>GGUF %1</translation>
    </message>
    <message>
        <source>Hugging Face folder</source>
        <translation>Hugging-Face-Ordner</translation>
    </message>
    <message>
        <source>checkpoint of the BitStack authors</source>
        <translation>Checkpoint der BitStack-Autoren</translation>
    </message>
    <message>
        <source>BitStack file</source>
        <translation>BitStack-Datei</translation>
    </message>
    <message>
        <source>%1 % a minute</source>
        <translation>%1 % je Minute</translation>
    </message>
    <message>
        <source>Compressed to %1 (%2) in %3.</source>
        <translation>Nach %1 komprimiert (%2), Dauer: %3.</translation>
    </message>
    <message>
        <source>Exported to %1 (%2).</source>
        <translation>Nach %1 exportiert (%2).</translation>
    </message>
    <message>
        <source>Measured one size.</source>
        <translation>Eine Größe gemessen.</translation>
    </message>
    <message>
        <source>Measured %1 sizes.</source>
        <translation>%1 Größen gemessen.</translation>
    </message>
    <message>
        <source> Note: %1.</source>
        <translation> Hinweis: %1.</translation>
    </message>
    <message>
        <source>Compress %1</source>
        <translation>%1 komprimieren</translation>
    </message>
    <message>
        <source>Measure %1</source>
        <translation>%1 messen</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>%1 exportieren</translation>
    </message>
    <message>
        <source>Compressing %1</source>
        <translation>%1 wird komprimiert</translation>
    </message>
    <message>
        <source>Measuring %1</source>
        <translation>%1 wird gemessen</translation>
    </message>
    <message>
        <source>Exporting %1</source>
        <translation>%1 wird exportiert</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>wird gestoppt</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>left from before</source>
        <translation>von früher übrig</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>Stopped. What was finished is kept.</source>
        <translation>Gestoppt. Was fertig war, bleibt erhalten.</translation>
    </message>
    <message>
        <source>to %1</source>
        <translation>nach %1</translation>
    </message>
    <message>
        <source>began %1</source>
        <translation>Beginn: %1</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>weggelassen</translation>
    </message>
    <message>
        <source>1 block</source>
        <translation>1 Block</translation>
    </message>
    <message>
        <source>%1 blocks</source>
        <translation>%1 Blöcke</translation>
    </message>
    <message>
        <source>at least %1 bits a weight</source>
        <translation>mindestens %1 Bit je Gewicht</translation>
    </message>
    <message>
        <source>as the loading order has it</source>
        <translation>wie in der Ladereihenfolge</translation>
    </message>
    <message>
        <source>1 block more</source>
        <translation>1 Block mehr</translation>
    </message>
    <message>
        <source>%1 blocks more</source>
        <translation>%1 Blöcke mehr</translation>
    </message>
    <message>
        <source>1 block fewer</source>
        <translation>1 Block weniger</translation>
    </message>
    <message>
        <source>%1 blocks fewer</source>
        <translation>%1 Blöcke weniger</translation>
    </message>
    <message>
        <source>%1 of layer %2</source>
        <translation>%1 in Schicht %2</translation>
    </message>
    <message>
        <source>%1, everywhere</source>
        <translation>%1, überall</translation>
    </message>
    <message>
        <source>, rows from %1</source>
        <translation>, ab Zeile %1</translation>
    </message>
    <message>
        <source>Number of the run; a run has a row for each of its sizes</source>
        <translation>Nummer des Laufs; ein Lauf hat für jede seiner Größen eine Zeile</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>Was getan wurde</translation>
    </message>
    <message>
        <source>The uncompressed model</source>
        <translation>Das unkomprimierte Modell</translation>
    </message>
    <message>
        <source>The file that was measured</source>
        <translation>Die gemessene Datei</translation>
    </message>
    <message>
        <source>How it was compressed; dense: not at all</source>
        <translation>Wie komprimiert wurde; dense: gar nicht</translation>
    </message>
    <message>
        <source>Bytes of the file at this size</source>
        <translation>Bytes der Datei bei dieser Größe</translation>
    </message>
    <message>
        <source>Perplexity: smaller is better</source>
        <translation>Perplexität: kleiner ist besser</translation>
    </message>
    <message>
        <source>Standard error of the perplexity</source>
        <translation>Standardfehler der Perplexität</translation>
    </message>
    <message>
        <source>Mean KL divergence from the uncompressed model, nats a token</source>
        <translation>Mittlere KL-Divergenz zum unkomprimierten Modell, Nat je Token</translation>
    </message>
    <message>
        <source>How often the most likely token is the uncompressed model&apos;s</source>
        <translation>Wie oft das wahrscheinlichste Token das des unkomprimierten Modells ist</translation>
    </message>
    <message>
        <source>Tokens a second of an answer</source>
        <translation>Token je Sekunde bei einer Antwort</translation>
    </message>
    <message>
        <source>The text that was measured on, and the beginning of its hash</source>
        <translation>Der Text der Messung und der Anfang seines Hashwerts</translation>
    </message>
    <message>
        <source>Tokens of a window</source>
        <translation>Token eines Fensters</translation>
    </message>
    <message>
        <source>Where it ran</source>
        <translation>Wo er lief</translation>
    </message>
    <message>
        <source>When it began</source>
        <translation>Wann er begann</translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation>Was daraus wurde</translation>
    </message>
    <message>
        <source>Name of the sweep it is part of</source>
        <translation>Name der Messreihe, zu der er gehört</translation>
    </message>
    <message>
        <source>What you wrote about it</source>
        <translation>Was Sie dazu notiert haben</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Codec</source>
        <translation>Codec</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>KL divergence</source>
        <translation>KL-Divergenz</translation>
    </message>
    <message>
        <source>Same top</source>
        <translation>Top gleich</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>Token/s</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Rechner</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>Messreihe</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>%1.
In the filter line: %2</source>
        <translation>%1.
In der Filterzeile: %2</translation>
    </message>
    <message>
        <source>Si&amp;zes in MiB</source>
        <translation>Größen in M&amp;iB</translation>
    </message>
    <message>
        <source>Mean KL (nats, lower is better)</source>
        <translation>Mittlere KL (Nat, weniger ist besser)</translation>
    </message>
    <message>
        <source>Median KL (nats, lower is better)</source>
        <translation>Median der KL (Nat, weniger ist besser)</translation>
    </message>
    <message>
        <source>Same top token (%, higher is better)</source>
        <translation>Gleiches Top-Token (%, mehr ist besser)</translation>
    </message>
    <message>
        <source>Not even %1 keeps %2: token %3 comes out differently.</source>
        <translation>Nicht einmal %1 behält %2: Token %3 kommt anders heraus.</translation>
    </message>
    <message>
        <source> With one block less (%1) token %2 comes out differently; %3 sizes were tried.</source>
        <translation> Mit einem Block weniger (%1) kommt Token %2 anders heraus; %3 Größen wurden probiert.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>%1, %2 of %3 free</source>
        <translation>%1, %2 von %3 frei</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>%1 (not found)</source>
        <translation>%1 (nicht gefunden)</translation>
    </message>
    <message>
        <source>When the engine was last asked:</source>
        <translation>Bei der letzten Abfrage der Engine:</translation>
    </message>
    <message>
        <source>calibrating</source>
        <translation>kalibriert</translation>
    </message>
    <message>
        <source>compressing</source>
        <translation>komprimiert</translation>
    </message>
    <message>
        <source>decoding</source>
        <translation>dekodiert</translation>
    </message>
    <message>
        <source>evaluating</source>
        <translation>wertet aus</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>misst</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>liest</translation>
    </message>
    <message>
        <source>sorting blocks by perplexity</source>
        <translation>sortiert Blöcke nach Perplexität</translation>
    </message>
    <message>
        <source>timing</source>
        <translation>stoppt die Zeit</translation>
    </message>
    <message>
        <source>trying sizes</source>
        <translation>probiert Größen</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>schreibt</translation>
    </message>
    <message>
        <source>writing calibration text</source>
        <translation>schreibt Kalibriertext</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>Einbettung</translation>
    </message>
    <message>
        <source>from the last to the first</source>
        <translation>von der letzten zur ersten</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>Schicht %1</translation>
    </message>
    <message>
        <source>layer %1 of %2</source>
        <translation>Schicht %1 von %2</translation>
    </message>
    <message>
        <source>reference (%1 of %2)</source>
        <translation>Vergleich (%1 von %2)</translation>
    </message>
    <message>
        <source>repetition %1 of %2</source>
        <translation>Wiederholung %1 von %2</translation>
    </message>
    <message>
        <source>size %1 of %2</source>
        <translation>Größe %1 von %2</translation>
    </message>
    <message>
        <source>size (%1 of %2)</source>
        <translation>Größe (%1 von %2)</translation>
    </message>
    <message>
        <source>tokens (%1 of %2)</source>
        <translation>Token (%1 von %2)</translation>
    </message>
    <message>
        <source>uncompressed (%1 of %2)</source>
        <translation>unkomprimiert (%1 von %2)</translation>
    </message>
    <message>
        <source>window %1 of %2</source>
        <translation>Fenster %1 von %2</translation>
    </message>
</context>
<context>
    <name>bs::ui::AnswerPanel</name>
    <message>
        <source>0: always the most probable token</source>
        <translation>0: immer das wahrscheinlichste Token</translation>
    </message>
    <message>
        <source>Only tokens that make up this share; 1: off</source>
        <translation>Nur die wahrscheinlichsten Token, die zusammen diesen Anteil ausmachen; 1: aus</translation>
    </message>
    <message>
        <source>Only tokens at least this probable against the best one; 0: off</source>
        <translation>Nur Token, die im Verhältnis zum besten mindestens so wahrscheinlich sind; 0: aus</translation>
    </message>
    <message>
        <source>Above 1: tokens that were there already become less probable</source>
        <translation>Über 1: Token, die schon vorkamen, werden unwahrscheinlicher</translation>
    </message>
    <message>
        <source>Save...</source>
        <translation>Speichern ...</translation>
    </message>
    <message>
        <source>Save this sampling under a name</source>
        <translation>Dieses Sampling unter einem Namen speichern</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove this preset of yours</source>
        <translation>Diese eigene Vorgabe entfernen</translation>
    </message>
    <message>
        <source>Edit...</source>
        <translation>Ändern ...</translation>
    </message>
    <message>
        <source>Show and edit how messages become the model&apos;s text</source>
        <translation>Zeigen und ändern, wie aus Nachrichten der Text für das Modell wird</translation>
    </message>
    <message>
        <source>An answer ends here at the latest</source>
        <translation>Spätestens hier endet eine Antwort</translation>
    </message>
    <message>
        <source>Only the so many most probable tokens; 0: off</source>
        <translation>Nur so viele der wahrscheinlichsten Token; 0: aus</translation>
    </message>
    <message>
        <source>another each time</source>
        <translation>jedes Mal ein anderer</translation>
    </message>
    <message>
        <source>The same seed gives the same answer; below 0: another one each time</source>
        <translation>Gleicher Startwert, gleiche Antwort; unter 0: jedes Mal ein anderer</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>System-Prompt</translation>
    </message>
    <message>
        <source>System prompt: what the model is told before the conversation. None.</source>
        <translation>System-Prompt: was dem Modell vor der Unterhaltung gesagt wird. Derzeit keiner.</translation>
    </message>
    <message>
        <source>What the model is told before the conversation</source>
        <translation>Was dem Modell vor der Unterhaltung gesagt wird</translation>
    </message>
    <message>
        <source>Sampling under a name</source>
        <translation>Benannte Sampling-Einstellungen</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>Vorlage</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>Top k</source>
        <translation>Top k</translation>
    </message>
    <message>
        <source>Top p</source>
        <translation>Top p</translation>
    </message>
    <message>
        <source>Min p</source>
        <translation>Min p</translation>
    </message>
    <message>
        <source>Repeat penalty</source>
        <translation>Wiederholstrafe</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert (Seed)</translation>
    </message>
    <message>
        <source>Most tokens</source>
        <translation>Max. Token</translation>
    </message>
    <message>
        <source>changed for this conversation</source>
        <translation>für diese Unterhaltung</translation>
    </message>
    <message>
        <source>the model&apos;s own</source>
        <translation>die des Modells</translation>
    </message>
    <message>
        <source>none of them</source>
        <translation>keine davon</translation>
    </message>
    <message>
        <source>Save the sampling</source>
        <translation>Sampling speichern</translation>
    </message>
    <message>
        <source>Name of the preset:</source>
        <translation>Name der Vorgabe:</translation>
    </message>
    <message>
        <source>This name is taken by a given preset:</source>
        <translation>So heißt schon eine mitgelieferte Vorgabe:</translation>
    </message>
    <message>
        <source>Name of the preset (it is replaced):</source>
        <translation>Name der Vorgabe (sie wird ersetzt):</translation>
    </message>
</context>
<context>
    <name>bs::ui::CacheStore</name>
    <message>
        <source>Texts for calibration</source>
        <translation>Kalibrierungstexte</translation>
    </message>
    <message>
        <source>Reference distributions</source>
        <translation>Referenzverteilungen</translation>
    </message>
    <message>
        <source>Demo model</source>
        <translation>Demomodell</translation>
    </message>
    <message>
        <source>%1: not everything could be deleted.</source>
        <translation>%1: Nicht alles konnte gelöscht werden.</translation>
    </message>
</context>
<context>
    <name>bs::ui::CandidateModel</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>below %1</source>
        <translation>unter %1</translation>
    </message>
    <message>
        <source>▸ %1</source>
        <translation>▸ %1</translation>
    </message>
    <message>
        <source>%1, written</source>
        <translation>%1, geschrieben</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>%1: A %2, B %3.</source>
        <translation>%1: A %2, B %3.</translation>
    </message>
    <message>
        <source> Likeliest is %1: A %2, B %3.</source>
        <translation> Am wahrscheinlichsten ist %1: A %2, B %3.</translation>
    </message>
</context>
<context>
    <name>bs::ui::CardModel</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>%1, codec %2</source>
        <translation>%1, Codec %2</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>Architektur</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>%1 layers of width %2</source>
        <translation>%1 Schichten der Breite %2</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Cut off</source>
        <translation>Abgeschnitten</translation>
    </message>
    <message>
        <source>yes, opens in part</source>
        <translation>ja, teilweise lesbar</translation>
    </message>
    <message>
        <source>The file ends before its last block.</source>
        <translation>Die Datei endet vor ihrem letzten Block.</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>Tokenizer</translation>
    </message>
    <message>
        <source>%1 tokens in the vocabulary</source>
        <translation>%1 Token im Vokabular</translation>
    </message>
    <message>
        <source>Stack</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>%1 blocks, %2 matrices</source>
        <translation>%1 Blöcke, %2 Matrizen</translation>
    </message>
    <message>
        <source>Smallest plan %1, largest %2</source>
        <translation>Kleinster Plan %1, größter %2</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-Cache</translation>
    </message>
    <message>
        <source>For a context of %1 tokens, %2 each; comes on top of the weights</source>
        <translation>Für einen Kontext von %1 Token, je %2; kommt zu den Gewichten hinzu</translation>
    </message>
</context>
<context>
    <name>bs::ui::ChartPanel</name>
    <message>
        <source>Measurements</source>
        <translation>Messungen</translation>
    </message>
    <message>
        <source>What the curve shows</source>
        <translation>Was die Kurve zeigt</translation>
    </message>
    <message>
        <source>What the curve shows. KL divergence and same top token are known where a measurement was compared with the original</source>
        <translation>Was die Kurve zeigt. KL-Divergenz und gleiches Top-Token sind dort bekannt, wo eine Messung mit dem Original verglichen wurde</translation>
    </message>
    <message>
        <source>No measurements yet.
Open a model and measure its curve.</source>
        <translation>Noch keine Messungen.
Öffnen Sie ein Modell und messen Sie seine Kurve.</translation>
    </message>
    <message>
        <source>No measurements of this model yet.
&quot;Measure curve&quot; makes them.</source>
        <translation>Noch keine Messungen dieses Modells.
„Kurve messen“ liefert sie.</translation>
    </message>
    <message>
        <source>Nothing was compared with the original yet.
&quot;Measure curve&quot; does it where you ask for it.</source>
        <translation>Noch nichts wurde mit dem Original verglichen.
„Kurve messen“ tut das auf Wunsch.</translation>
    </message>
</context>
<context>
    <name>bs::ui::ChatPage</name>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation>Neu erzeugen</translation>
    </message>
    <message>
        <source>Send the prompt (Enter)</source>
        <translation>Den Prompt senden (Enter)</translation>
    </message>
    <message>
        <source>Stop this answer (Esc)</source>
        <translation>Diese Antwort stoppen (Esc)</translation>
    </message>
    <message>
        <source>Make the last answer again, all of it at the size that is set now</source>
        <translation>Die letzte Antwort neu erzeugen, ganz mit der jetzt eingestellten Größe</translation>
    </message>
    <message>
        <source>The model is ready. What it says appears here.</source>
        <translation>Das Modell ist bereit. Was es sagt, erscheint hier.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Leave the message as it is</source>
        <translation>Die Nachricht lassen, wie sie ist</translation>
    </message>
    <message>
        <source>Another text for your message. The one there is kept.</source>
        <translation>Ein anderer Text für Ihre Nachricht. Der bisherige bleibt erhalten.</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 Token/s</translation>
    </message>
    <message>
        <source>context %1 of %2 tokens</source>
        <translation>Kontext %1 von %2 Token</translation>
    </message>
    <message>
        <source>opening ...</source>
        <translation>wird geöffnet ...</translation>
    </message>
</context>
<context>
    <name>bs::ui::ChatView</name>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
</context>
<context>
    <name>bs::ui::CodeStyler</name>
    <message>
        <source>Copy code</source>
        <translation>Code kopieren</translation>
    </message>
</context>
<context>
    <name>bs::ui::CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Part of a command&apos;s name</source>
        <translation>Teil eines Befehlsnamens</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Commands found</source>
        <translation>Gefundene Befehle</translation>
    </message>
</context>
<context>
    <name>bs::ui::CompareColumns</name>
    <message>
        <source>Waits for A.</source>
        <translation>Wartet auf A.</translation>
    </message>
    <message>
        <source>Loading ...</source>
        <translation>Wird geladen ...</translation>
    </message>
    <message>
        <source>Reading the prompt ...</source>
        <translation>Liest den Prompt ...</translation>
    </message>
    <message>
        <source>Answer of %1; the arrow keys go from token to token</source>
        <translation>Antwort von %1; die Pfeiltasten gehen von Token zu Token</translation>
    </message>
    <message>
        <source>Token %1 of %2</source>
        <translation>Token %1 von %2</translation>
    </message>
    <message>
        <source>%1; %2 reads what %3 wrote before it</source>
        <translation>%1; %2 liest, was %3 davor geschrieben hat</translation>
    </message>
    <message>
        <source>Both read both answers ...</source>
        <translation>Beide lesen beide Antworten ...</translation>
    </message>
    <message>
        <source>Point at a token, or go there with the arrow keys, to see what both think of it.</source>
        <translation>Zeigen Sie auf ein Token oder gehen Sie mit den Pfeiltasten dorthin, um zu sehen, was beide davon halten.</translation>
    </message>
    <message>
        <source>The answer appears here.</source>
        <translation>Hier erscheint die Antwort.</translation>
    </message>
</context>
<context>
    <name>bs::ui::CompareMeasureDialog</name>
    <message>
        <source>Text to measure on</source>
        <translation>Text für die Messung</translation>
    </message>
    <message>
        <source>Text (*.txt);;All files (*)</source>
        <translation>Text (*.txt);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Measure A and B</source>
        <translation>A und B messen</translation>
    </message>
    <message>
        <source>Tokens of one window</source>
        <translation>Token eines Fensters</translation>
    </message>
    <message>
        <source>Only the first so many windows of the text</source>
        <translation>Nur so viele Fenster vom Anfang des Textes</translation>
    </message>
    <message>
        <source>&amp;Text</source>
        <translation>&amp;Text</translation>
    </message>
    <message>
        <source>&amp;Context</source>
        <translation>&amp;Kontext</translation>
    </message>
    <message>
        <source>&amp;Windows</source>
        <translation>&amp;Fenster</translation>
    </message>
    <message>
        <source>Choose a text file the models were not trained on.</source>
        <translation>Wählen Sie eine Textdatei, mit der die Modelle nicht trainiert wurden.</translation>
    </message>
    <message>
        <source>Perplexity of A (%1) and B (%2) on %3 tokens%4. It runs beside the chat.</source>
        <translation>Perplexität von A (%1) und B (%2) auf %3 Token%4. Die Messung läuft neben dem Chat.</translation>
    </message>
    <message>
        <source>, and how far their probabilities are from those of %1</source>
        <translation>, dazu der Abstand ihrer Wahrscheinlichkeiten zu denen von %1</translation>
    </message>
</context>
<context>
    <name>bs::ui::ComparePage</name>
    <message>
        <source>Both answered at once, each with its part of the processor.</source>
        <translation>Beide haben gleichzeitig geantwortet, jedes mit einem Teil des Prozessors.</translation>
    </message>
    <message>
        <source>One answered after the other, each with all of the processor.</source>
        <translation>Beide haben nacheinander geantwortet, jedes mit dem ganzen Prozessor.</translation>
    </message>
    <message>
        <source>%1 · choose ...</source>
        <translation>%1 · wählen ...</translation>
    </message>
    <message>
        <source>Choose what %1 is</source>
        <translation>Wählen, was %1 ist</translation>
    </message>
    <message>
        <source>Take the size that is set now as %1</source>
        <translation>Jetzt eingestellte Größe als %1 nehmen</translation>
    </message>
    <message>
        <source>Open a model...</source>
        <translation>Modell öffnen ...</translation>
    </message>
    <message>
        <source>Two models answer the same prompt here, side by side. Open one first.</source>
        <translation>Hier beantworten zwei Modelle nebeneinander denselben Prompt. Öffnen Sie zuerst eines.</translation>
    </message>
    <message>
        <source>Two models answer the same prompt here, side by side. Choose A: a size of the open model, or another file.</source>
        <translation>Hier beantworten zwei Modelle nebeneinander denselben Prompt. Wählen Sie A: eine Größe des geöffneten Modells oder eine andere Datei.</translation>
    </message>
    <message>
        <source>A is %1. Set another size with the slider and take it as B, or choose B above.</source>
        <translation>A ist %1. Stellen Sie mit dem Schieberegler eine andere Größe ein und nehmen Sie sie als B, oder wählen Sie B oben aus.</translation>
    </message>
    <message>
        <source>Measure perplexity and divergence of both on a text</source>
        <translation>Perplexität und Divergenz beider an einem Text messen</translation>
    </message>
    <message>
        <source>Only sizes and whole files can be measured from here.</source>
        <translation>Von hier aus lassen sich nur Größen und ganze Dateien messen.</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>Measure...</source>
        <translation>Messen ...</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>What %1 is</source>
        <translation>Was %1 ist</translation>
    </message>
    <message>
        <source>Ask both the same. Enter sends, Shift+Enter begins a new line.</source>
        <translation>Fragen Sie beide dasselbe. Enter sendet, Umschalt+Enter: neue Zeile.</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>Temperature </source>
        <translation>Temperatur </translation>
    </message>
    <message>
        <source>0: always the likeliest token</source>
        <translation>0: immer das wahrscheinlichste Token</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>Längste Antwort</translation>
    </message>
    <message>
        <source>At most </source>
        <translation>Max. </translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> Token</translation>
    </message>
    <message>
        <source>Where the answers end at the latest</source>
        <translation>Wo die Antworten spätestens enden</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert (Seed)</translation>
    </message>
    <message>
        <source>Seed </source>
        <translation>Startwert </translation>
    </message>
    <message>
        <source>The same random choices for both; of no account at temperature 0</source>
        <translation>Gleiche Zufallswahl für beide; bei Temperatur 0 ohne Bedeutung</translation>
    </message>
    <message>
        <source>Let both answer (Enter)</source>
        <translation>Beide antworten lassen (Enter)</translation>
    </message>
    <message>
        <source>Stop both answers</source>
        <translation>Beide Antworten stoppen</translation>
    </message>
    <message>
        <source>A and B in figures</source>
        <translation>A und B in Zahlen</translation>
    </message>
</context>
<context>
    <name>bs::ui::CompareSummaryModel</name>
    <message>
        <source>uncompressed</source>
        <translation>unkomprimiert</translation>
    </message>
    <message>
        <source>%1, the better one</source>
        <translation>%1, der bessere Wert</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>Perplexität</translation>
    </message>
    <message>
        <source>KL divergence</source>
        <translation>KL-Divergenz</translation>
    </message>
    <message>
        <source>Same top</source>
        <translation>Top gleich</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>Dateigröße</translation>
    </message>
    <message>
        <source>In memory</source>
        <translation>Im Speicher</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>Token/s</translation>
    </message>
    <message>
        <source> A and B were not measured on the same text in the same way.</source>
        <translation> A und B wurden nicht am selben Text auf dieselbe Weise gemessen.</translation>
    </message>
    <message>
        <source>How surprised the model is by a text; smaller is better.</source>
        <translation>Wie sehr ein Text das Modell überrascht; kleiner ist besser.</translation>
    </message>
    <message>
        <source>How far its probabilities are from the uncompressed model&apos;s, in nats a token; smaller is better.</source>
        <translation>Abstand der Wahrscheinlichkeiten zu denen des unkomprimierten Modells, in Nat je Token; kleiner ist besser.</translation>
    </message>
    <message>
        <source>How often its likeliest token is the uncompressed model&apos;s; larger is better.</source>
        <translation>Wie oft das wahrscheinlichste Token das des unkomprimierten Modells ist; größer ist besser.</translation>
    </message>
    <message>
        <source>Bytes of a file of this size; smaller is better.</source>
        <translation>Bytes einer Datei dieser Größe; kleiner ist besser.</translation>
    </message>
    <message>
        <source>What the weights take once loaded; smaller is better.</source>
        <translation>Was die Gewichte geladen belegen; kleiner ist besser.</translation>
    </message>
    <message>
        <source>Of this answer; larger is better. %1</source>
        <translation>Bei dieser Antwort; größer ist besser. %1</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>bs::ui::Comparison</name>
    <message>
        <source>Both at once would need %1 of memory, %2 is free: B answers after A.</source>
        <translation>Beide zugleich bräuchten %1 Speicher, frei sind %2: B antwortet nach A.</translation>
    </message>
</context>
<context>
    <name>bs::ui::CompressDialog</name>
    <message>
        <source>Text the model &amp;writes itself</source>
        <translation>Text, den das Modell selbst &amp;schreibt</translation>
    </message>
    <message>
        <source>A text &amp;file</source>
        <translation>Eine &amp;Textdatei</translation>
    </message>
    <message>
        <source>Calibration text</source>
        <translation>Kalibrierungstext</translation>
    </message>
    <message>
        <source>Text (*.txt);;All files (*)</source>
        <translation>Text (*.txt);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Compressed file</source>
        <translation>Komprimierte Datei</translation>
    </message>
    <message>
        <source>BitStack models (*.bitstack)</source>
        <translation>BitStack-Modelle (*.bitstack)</translation>
    </message>
    <message>
        <source>Replace the file that is there</source>
        <translation>Vorhandene Datei ersetzen</translation>
    </message>
    <message>
        <source>Compress</source>
        <translation>Komprimieren</translation>
    </message>
    <message>
        <source>nested (ours: the better one at every size)</source>
        <translation>nested (unserer: bei jeder Größe der bessere)</translation>
    </message>
    <message>
        <source>bitstack (sign and low rank, as published)</source>
        <translation>bitstack (Vorzeichen und niedriger Rang, wie veröffentlicht)</translation>
    </message>
    <message>
        <source>How a matrix becomes blocks</source>
        <translation>Wie aus einer Matrix Blöcke werden</translation>
    </message>
    <message>
        <source>Blocks of every matrix: more make a larger and better largest size. Codec nested makes as many as it needs.</source>
        <translation>Blöcke je Matrix: Mit mehr Blöcken steigen die Maximalgröße und deren Qualität. Der Codec nested bildet so viele, wie er braucht.</translation>
    </message>
    <message>
        <source>Rank of the low-rank part of a block of codec bitstack</source>
        <translation>Rang des Niedrigrang-Anteils eines Blocks (Codec bitstack)</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>&amp;Codec</source>
        <translation>&amp;Codec</translation>
    </message>
    <message>
        <source>&amp;Blocks</source>
        <translation>&amp;Blöcke</translation>
    </message>
    <message>
        <source>&amp;Rank</source>
        <translation>&amp;Rang</translation>
    </message>
    <message>
        <source>&amp;Output</source>
        <translation>&amp;Ausgabe</translation>
    </message>
    <message>
        <source>Needs nothing, takes a little longer</source>
        <translation>Braucht nichts weiter, dauert etwas länger</translation>
    </message>
    <message>
        <source>Text like what the model will be used for</source>
        <translation>Text der Art, mit der das Modell arbeiten soll</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Kalibrierung</translation>
    </message>
    <message>
        <source>&amp;Tokens</source>
        <translation>T&amp;oken</translation>
    </message>
    <message>
        <source>Forecast</source>
        <translation>Prognose</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Datenträger</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Say where the compressed file shall go.</source>
        <translation>Geben Sie an, wohin die komprimierte Datei soll.</translation>
    </message>
    <message>
        <source>The output is the model itself: choose another name.</source>
        <translation>Die Ausgabe ist das Modell selbst: Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>%1 is already there: choose another name, or tick that it may be replaced.</source>
        <translation>%1 gibt es schon: Wählen Sie einen anderen Namen oder erlauben Sie das Ersetzen.</translation>
    </message>
    <message>
        <source>Choose the text file to calibrate with.</source>
        <translation>Wählen Sie die Textdatei für die Kalibrierung.</translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>etwa %1</translation>
    </message>
    <message>
        <source>as long as the card needs</source>
        <translation>so lange die Karte braucht</translation>
    </message>
    <message>
        <source>%1 needed while it runs, %2 free</source>
        <translation>%1 während des Laufs nötig, %2 frei</translation>
    </message>
    <message>
        <source>up to %1</source>
        <translation>bis zu %1</translation>
    </message>
    <message>
        <source>The disk is too small: %1 are needed there and %2 are free.</source>
        <translation>Auf dem Datenträger ist zu wenig Platz: %1 werden gebraucht, %2 sind frei.</translation>
    </message>
</context>
<context>
    <name>bs::ui::ConversationsModel</name>
    <message>
        <source>%1
%2
begun %3</source>
        <translation>%1
%2
Beginn: %3</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>bs::ui::ConversationsPanel</name>
    <message>
        <source>Search conversations</source>
        <translation>Unterhaltungen durchsuchen</translation>
    </message>
    <message>
        <source>Search titles and messages</source>
        <translation>Titel und Nachrichten durchsuchen</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Unterhaltungen</translation>
    </message>
    <message>
        <source>Bring the deleted conversation back</source>
        <translation>Die gelöschte Unterhaltung zurückholen</translation>
    </message>
    <message>
        <source>No conversations yet.
What you ask a model is kept here.</source>
        <translation>Noch keine Unterhaltungen.
Was Sie ein Modell fragen, bleibt hier erhalten.</translation>
    </message>
    <message>
        <source>No conversation holds &quot;%1&quot;.</source>
        <translation>Keine Unterhaltung enthält „%1“.</translation>
    </message>
    <message>
        <source>Deleted &quot;%1&quot;.</source>
        <translation>„%1“ gelöscht.</translation>
    </message>
    <message>
        <source>Export the conversation</source>
        <translation>Unterhaltung exportieren</translation>
    </message>
    <message>
        <source>Markdown, what is shown (*.md)</source>
        <translation>Markdown, wie angezeigt (*.md)</translation>
    </message>
    <message>
        <source>JSON, every version and setting (*.json)</source>
        <translation>JSON, alle Fassungen und Einstellungen (*.json)</translation>
    </message>
</context>
<context>
    <name>bs::ui::CurvePlot</name>
    <message>
        <source>No measurements yet.</source>
        <translation>Noch keine Messungen.</translation>
    </message>
    <message>
        <source>%1, 99 %</source>
        <translation>%1, 99 %</translation>
    </message>
    <message>
        <source>Pareto front</source>
        <translation>Pareto-Front</translation>
    </message>
    <message>
        <source>half of the tokens: %1 to %2</source>
        <translation>die Hälfte der Token: %1 bis %2</translation>
    </message>
    <message>
        <source>one token in 100: above %1</source>
        <translation>ein Token von 100: über %1</translation>
    </message>
</context>
<context>
    <name>bs::ui::DemoModel</name>
    <message>
        <source>The demo model could not be fetched.</source>
        <translation>Das Demomodell konnte nicht heruntergeladen werden.</translation>
    </message>
</context>
<context>
    <name>bs::ui::EmptyPage</name>
    <message>
        <source>Open a model...</source>
        <translation>Modell öffnen ...</translation>
    </message>
    <message>
        <source>Opened last</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Drop a GGUF file, a .bitstack file or a Hugging Face folder here. Compress it once, and from then on a slider sets how much memory it may use.</source>
        <translation>Ziehen Sie eine GGUF-Datei, eine .bitstack-Datei oder einen Hugging-Face-Ordner hierher. Komprimieren Sie das Modell einmal, und von da an bestimmt ein Schieberegler, wie viel Speicher es belegen darf.</translation>
    </message>
    <message>
        <source>Choose a model file</source>
        <translation>Modelldatei auswählen</translation>
    </message>
    <message>
        <source>Models opened last</source>
        <translation>Zuletzt geöffnete Modelle</translation>
    </message>
    <message>
        <source>Fetching the demo model...</source>
        <translation>Demomodell wird heruntergeladen ...</translation>
    </message>
    <message>
        <source>Try the demo model (SmolLM2, 135 million parameters)</source>
        <translation>Demomodell ausprobieren (SmolLM2, 135 Mio. Parameter)</translation>
    </message>
    <message>
        <source>Fetch the demo model (about 100 MB)</source>
        <translation>Demomodell herunterladen (etwa 100 MB)</translation>
    </message>
    <message>
        <source>It is fetched by: bash installer/fetch-demo-model.sh</source>
        <translation>Herunterladen mit: bash installer/fetch-demo-model.sh</translation>
    </message>
</context>
<context>
    <name>bs::ui::EngineSession</name>
    <message>
        <source>another model was opened</source>
        <translation>ein anderes Modell wurde geöffnet</translation>
    </message>
    <message>
        <source>%1: what the engine says about its blocks does not fit together</source>
        <translation>%1: Die Angaben der Engine zu den Blöcken widersprechen sich</translation>
    </message>
</context>
<context>
    <name>bs::ui::ExportDialog</name>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>&amp;Replace what is there</source>
        <translation>Vorhandenes e&amp;rsetzen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Hugging Face folder (safetensors, F16)</source>
        <translation>Hugging-Face-Ordner (safetensors, F16)</translation>
    </message>
    <message>
        <source>GGUF for llama.cpp, F16</source>
        <translation>GGUF für llama.cpp, F16</translation>
    </message>
    <message>
        <source>GGUF for llama.cpp, Q8_0</source>
        <translation>GGUF für llama.cpp, Q8_0</translation>
    </message>
    <message>
        <source>Checkpoint of the BitStack authors</source>
        <translation>Checkpoint der BitStack-Autoren</translation>
    </message>
    <message>
        <source>BitStack file of this size</source>
        <translation>BitStack-Datei dieser Größe</translation>
    </message>
    <message>
        <source>&amp;Form</source>
        <translation>&amp;Format</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>&amp;Ziel</translation>
    </message>
    <message>
        <source>Choose where to write.</source>
        <translation>Wählen Sie ein Ziel.</translation>
    </message>
    <message>
        <source>%1 is already there.</source>
        <translation>%1 gibt es schon.</translation>
    </message>
    <message>
        <source>%1 will be written, of the model at %2.</source>
        <translation>Es werden %1 geschrieben (Modell bei %2).</translation>
    </message>
    <message>
        <source>%1 will be written.</source>
        <translation>Es werden %1 geschrieben.</translation>
    </message>
    <message>
        <source>Otherwise the loading order at as many bytes</source>
        <translation>Sonst nach der Ladereihenfolge bei gleicher Größe</translation>
    </message>
    <message>
        <source>By the re&amp;cipe: %1</source>
        <translation>&amp;Nach dem Rezept: %1</translation>
    </message>
    <message>
        <source>By the &amp;recipe of %1 rules</source>
        <translation>&amp;Nach dem Rezept mit %1 Regeln</translation>
    </message>
</context>
<context>
    <name>bs::ui::FigurePanel</name>
    <message>
        <source>There are no values.</source>
        <translation>Es gibt keine Werte.</translation>
    </message>
</context>
<context>
    <name>bs::ui::FiguresModel</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 to %2
%3 values, %4</source>
        <translation>%1 bis %2
%3 Werte, %4</translation>
    </message>
    <message>
        <source>Values from %1 to %2, mean %3, standard deviation %4.</source>
        <translation>Werte von %1 bis %2, Mittel %3, Standardabweichung %4.</translation>
    </message>
    <message>
        <source> %1 lie outside what is drawn.</source>
        <translation> %1 liegen außerhalb des gezeichneten Bereichs.</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>There are no values.</source>
        <translation>Es gibt keine Werte.</translation>
    </message>
    <message>
        <source>code %1
%2 weights, %3</source>
        <translation>Code %1
%2 Gewichte, %3</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Only matrices of a stack have codes.</source>
        <translation>Codes haben nur Matrizen eines Stapels.</translation>
    </message>
    <message>
        <source>Codes of a weight&apos;s first signs, 1 is minus: each has %1 to %2 of the weights.</source>
        <translation>Codes aus den ersten Vorzeichen eines Gewichts, 1 heißt minus: Auf jeden entfallen %1 bis %2 der Gewichte.</translation>
    </message>
    <message>
        <source>depth %1
%2, %3 bits per weight
%4 of the matrix is missing</source>
        <translation>Tiefe %1
%2, %3 Bit je Gewicht
%4 der Matrix fehlen</translation>
    </message>
    <message>
        <source>Only matrices of a stack have depths.</source>
        <translation>Tiefen haben nur Matrizen eines Stapels.</translation>
    </message>
    <message>
        <source>The first block leaves %1 of what all blocks make (by norm), all but the last %2.</source>
        <translation>Nach dem ersten Block fehlen noch %1 dessen, was alle Blöcke ergeben (der Norm nach), vor dem letzten %2.</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Tiefe</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Bits per weight</source>
        <translation>Bit je Gewicht</translation>
    </message>
    <message>
        <source>Error left</source>
        <translation>Restfehler</translation>
    </message>
</context>
<context>
    <name>bs::ui::FileField</name>
    <message>
        <source>Browse...</source>
        <translation>Durchsuchen ...</translation>
    </message>
</context>
<context>
    <name>bs::ui::HeatMap</name>
    <message>
        <source>Blocks by layer and matrix</source>
        <translation>Blöcke je Schicht und Matrix</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Blocks are shown here
once a .bitstack file is open.</source>
        <translation>Hier erscheinen die Blöcke,
sobald eine .bitstack-Datei geöffnet ist.</translation>
    </message>
</context>
<context>
    <name>bs::ui::HeatPanel</name>
    <message>
        <source>Blocks by layer and matrix</source>
        <translation>Blöcke je Schicht und Matrix</translation>
    </message>
    <message>
        <source>What the colours show</source>
        <translation>Was die Farben zeigen</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>&amp;Zeigen</translation>
    </message>
    <message>
        <source>Planned, not loaded. %1</source>
        <translation>Geplant, nicht geladen. %1</translation>
    </message>
</context>
<context>
    <name>bs::ui::InspectPage</name>
    <message>
        <source>Find in the model</source>
        <translation>Im Modell suchen</translation>
    </message>
    <message>
        <source>Find a tensor, layer, type, shape or key</source>
        <translation>Tensor, Schicht, Typ, Form oder Schlüssel suchen</translation>
    </message>
    <message>
        <source>Lists</source>
        <translation>Listen</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>Tensoren</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>Metadaten</translation>
    </message>
    <message>
        <source>Tensors by layer</source>
        <translation>Tensoren nach Schicht</translation>
    </message>
    <message>
        <source>The whole value</source>
        <translation>Der ganze Wert</translation>
    </message>
    <message>
        <source>Choose a key to see its whole value.</source>
        <translation>Wählen Sie einen Schlüssel, um seinen ganzen Wert zu sehen.</translation>
    </message>
    <message>
        <source>Open a model to look into its file.</source>
        <translation>Öffnen Sie ein Modell, um in seine Datei zu sehen.</translation>
    </message>
    <message>
        <source>Choose a tensor to see its values.</source>
        <translation>Wählen Sie einen Tensor, um seine Werte zu sehen.</translation>
    </message>
    <message>
        <source>%1 tensors, %2 keys</source>
        <translation>%1 Tensoren, %2 Schlüssel</translation>
    </message>
</context>
<context>
    <name>bs::ui::JobRunner</name>
    <message>
        <source>Stopped.</source>
        <translation>Gestoppt.</translation>
    </message>
</context>
<context>
    <name>bs::ui::JobStrip</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Stop this job; what is finished stays</source>
        <translation>Diesen Auftrag stoppen; was fertig ist, bleibt</translation>
    </message>
    <message>
        <source>stopping ...</source>
        <translation>wird gestoppt ...</translation>
    </message>
    <message>
        <source>starting ...</source>
        <translation>wird gestartet ...</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>%1 · one more job waits</source>
        <translation>%1 · ein weiterer Auftrag wartet</translation>
    </message>
    <message>
        <source>%1 · %2 more jobs wait</source>
        <translation>%1 · %2 weitere Aufträge warten</translation>
    </message>
</context>
<context>
    <name>bs::ui::JobsModel</name>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1, %2, %3</translation>
    </message>
</context>
<context>
    <name>bs::ui::JobsPanel</name>
    <message>
        <source>No jobs.
Compress, measure or export a model: it runs here, one after another, while the chat goes on.</source>
        <translation>Keine Aufträge.
Komprimieren, messen oder exportieren Sie ein Modell: Das läuft hier nacheinander, während der Chat weitergeht.</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>The chosen job</source>
        <translation>Der ausgewählte Auftrag</translation>
    </message>
    <message>
        <source>Choose a job to read all of it.</source>
        <translation>Wählen Sie einen Auftrag, um alles darüber zu lesen.</translation>
    </message>
    <message>
        <source>Go to &amp;jobs</source>
        <translation>Zu den &amp;Aufträgen</translation>
    </message>
    <message>
        <source>Show what runs, what waits and what came of it</source>
        <translation>Zeigen, was läuft, was wartet und was daraus wurde</translation>
    </message>
    <message>
        <source>S&amp;weep...</source>
        <translation>&amp;Messreihe ...</translation>
    </message>
    <message>
        <source>Compress and measure models in several ways, one after another</source>
        <translation>Modelle auf mehrere Arten nacheinander komprimieren und messen</translation>
    </message>
    <message>
        <source>&amp;Stop the running job</source>
        <translation>Laufenden Auftrag &amp;stoppen</translation>
    </message>
    <message>
        <source>What is finished of it is kept</source>
        <translation>Was davon fertig ist, bleibt erhalten</translation>
    </message>
    <message>
        <source>&amp;Let the job go on</source>
        <translation>Auftrag &amp;fortsetzen</translation>
    </message>
    <message>
        <source>Run the job &amp;earlier</source>
        <translation>Auftrag &amp;vorziehen</translation>
    </message>
    <message>
        <source>Before the one that waits above it</source>
        <translation>Vor den, der darüber wartet</translation>
    </message>
    <message>
        <source>Run the job la&amp;ter</source>
        <translation>Auftrag &amp;zurückstellen</translation>
    </message>
    <message>
        <source>After the one that waits below it</source>
        <translation>Hinter den, der darunter wartet</translation>
    </message>
    <message>
        <source>&amp;Open what the job made</source>
        <translation>E&amp;rgebnis öffnen</translation>
    </message>
    <message>
        <source>Open the compressed file, or show the runs of a measurement</source>
        <translation>Die komprimierte Datei öffnen oder die Läufe einer Messung zeigen</translation>
    </message>
    <message>
        <source>&amp;Copy the job</source>
        <translation>Auftrag &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy everything about the chosen job</source>
        <translation>Alles über den ausgewählten Auftrag kopieren</translation>
    </message>
    <message>
        <source>&amp;Remove the job</source>
        <translation>Auftrag &amp;entfernen</translation>
    </message>
    <message>
        <source>Take a waiting or finished job out of the list</source>
        <translation>Einen wartenden oder fertigen Auftrag aus der Liste nehmen</translation>
    </message>
    <message>
        <source>Clear &amp;finished jobs</source>
        <translation>Fer&amp;tige Aufträge entfernen</translation>
    </message>
    <message>
        <source>Take everything that is finished out of the list</source>
        <translation>Alles Fertige aus der Liste nehmen</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>Fertige entfernen</translation>
    </message>
    <message>
        <source>Put the chosen job that was stopped, failed or was left over back into the queue; without one, all that were left over</source>
        <translation>Den gewählten Auftrag, der gestoppt wurde, misslang oder übrig blieb, wieder in die Warteschlange stellen; ohne Wahl alle, die übrig blieben</translation>
    </message>
</context>
<context>
    <name>bs::ui::KeepDialog</name>
    <message>
        <source>&amp;Blocks</source>
        <translation>&amp;Blöcke</translation>
    </message>
    <message>
        <source>At least so many b&amp;its a weight</source>
        <translation>Mindestens so viele B&amp;it je Gewicht</translation>
    </message>
    <message>
        <source>Keep %1</source>
        <translation>%1 festlegen</translation>
    </message>
    <message>
        <source>Blocks to keep</source>
        <translation>Festgelegte Blöcke</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Of %1; none leaves it out</source>
        <translation>Von %1; „keine“ lässt die Matrix weg</translation>
    </message>
    <message>
        <source>Bits a weight to keep</source>
        <translation>Festgelegte Bit je Gewicht</translation>
    </message>
    <message>
        <source>The fewest blocks that have them, or all there are</source>
        <translation>So wenige Blöcke, wie dafür reichen, höchstens alle</translation>
    </message>
    <message>
        <source>It stays so when the slider moves; the rest of the budget is for the other matrices.</source>
        <translation>Das bleibt so, wenn sich der Schieberegler bewegt; der Rest des Budgets ist für die anderen Matrizen.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Festlegen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>bs::ui::KeepRow</name>
    <message>
        <source>Smallest size that keeps A&apos;s answer</source>
        <translation>Kleinste Größe mit gleicher Antwort wie A</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Slide there</source>
        <translation>Einstellen</translation>
    </message>
    <message>
        <source>Pin as B</source>
        <translation>Als B nehmen</translation>
    </message>
    <message>
        <source>How many tokens of the answer have to stay</source>
        <translation>Wie viele Token der Antwort gleich bleiben müssen</translation>
    </message>
    <message>
        <source>How many tokens of the answer have to stay; 0: all of them</source>
        <translation>Wie viele Token der Antwort gleich bleiben müssen; 0: alle</translation>
    </message>
    <message>
        <source>all of it</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>first </source>
        <translation>erste </translation>
    </message>
    <message>
        <source>Progress of the search</source>
        <translation>Fortschritt der Suche</translation>
    </message>
    <message>
        <source>Stop the search</source>
        <translation>Die Suche abbrechen</translation>
    </message>
    <message>
        <source>Found by halving the range of sizes: of the smaller ones only those that were tried are known to write something else.</source>
        <translation>Gefunden durch Halbieren des Größenbereichs: Von den kleineren Größen ist nur bei den probierten bekannt, dass sie etwas anderes schreiben.</translation>
    </message>
    <message>
        <source>Load this size for the chat</source>
        <translation>Diese Größe für den Chat laden</translation>
    </message>
    <message>
        <source>Compare this size with A</source>
        <translation>Diese Größe mit A vergleichen</translation>
    </message>
    <message>
        <source>The search runs.</source>
        <translation>Die Suche läuft.</translation>
    </message>
    <message>
        <source>The answers are still being made.</source>
        <translation>Die Antworten entstehen noch.</translation>
    </message>
    <message>
        <source>A has to answer first.</source>
        <translation>Zuerst muss A antworten.</translation>
    </message>
    <message>
        <source>Only an answer made at temperature 0 is always the same.</source>
        <translation>Nur bei Temperatur 0 lautet eine Antwort immer gleich.</translation>
    </message>
    <message>
        <source>Neither A nor B is a stack, which has sizes.</source>
        <translation>Weder A noch B ist ein Stapel; nur Stapel haben Größen.</translation>
    </message>
    <message>
        <source>Trying %1 ...</source>
        <translation>%1 wird probiert ...</translation>
    </message>
    <message>
        <source>Trying %1 ... %2 left</source>
        <translation>%1 wird probiert, noch %2</translation>
    </message>
    <message>
        <source>The search was stopped.</source>
        <translation>Die Suche wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Look through the sizes of %1 for it</source>
        <translation>Die Größen von %1 danach durchsuchen</translation>
    </message>
</context>
<context>
    <name>bs::ui::LoadingOrderModel</name>
    <message>
        <source>%1, depth %2</source>
        <translation>%1, Tiefe %2</translation>
    </message>
    <message>
        <source>measured when the file was made</source>
        <translation>beim Erstellen der Datei gemessen</translation>
    </message>
    <message>
        <source>smallest size, %1 blocks</source>
        <translation>kleinste Größe, %1 Blöcke</translation>
    </message>
    <message>
        <source>Nats a token</source>
        <translation>Nat je Token</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Loads</source>
        <translation>Lädt</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Gewinn</translation>
    </message>
    <message>
        <source>Gain left</source>
        <translation>Restgewinn</translation>
    </message>
    <message>
        <source>Predicted rise</source>
        <translation>Vorhergesagter Anstieg</translation>
    </message>
    <message>
        <source>Measured rise</source>
        <translation>Gemessener Anstieg</translation>
    </message>
    <message>
        <source>file of %1</source>
        <translation>Datei: %1</translation>
    </message>
    <message>
        <source>block of %1</source>
        <translation>Block: %1</translation>
    </message>
    <message>
        <source>gain %1 nats a token</source>
        <translation>Gewinn %1 Nat je Token</translation>
    </message>
    <message>
        <source>gain left %1 nats a token</source>
        <translation>Restgewinn %1 Nat je Token</translation>
    </message>
    <message>
        <source>predicted rise %1 nats a token</source>
        <translation>vorhergesagter Anstieg %1 Nat je Token</translation>
    </message>
    <message>
        <source>measured rise %1 nats a token</source>
        <translation>gemessener Anstieg %1 Nat je Token</translation>
    </message>
    <message>
        <source>No stack is open.</source>
        <translation>Es ist kein Stapel geöffnet.</translation>
    </message>
    <message>
        <source>%1 blocks load one after another, from %2 to %3</source>
        <translation>%1 Blöcke werden nacheinander geladen, von %2 bis %3</translation>
    </message>
    <message>
        <source>; at %1 they have %2 % of their gain still to come</source>
        <translation>; bei %1 stehen noch %2 % ihres Gewinns aus</translation>
    </message>
</context>
<context>
    <name>bs::ui::LogDialog</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>No log is kept.</source>
        <translation>Es wird kein Protokoll geführt.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy what is shown</source>
        <translation>Das Angezeigte kopieren</translation>
    </message>
</context>
<context>
    <name>bs::ui::MainWindow</name>
    <message>
        <source>Hide %1 (View shows it again)</source>
        <translation>„%1“ ausblenden (wieder einblenden unter „Ansicht“)</translation>
    </message>
    <message>
        <source>Hide %1</source>
        <translation>„%1“ ausblenden</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>Chat</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Unterhaltungen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Quality against size</source>
        <translation>Qualität nach Größe</translation>
    </message>
    <message>
        <source>Blocks by layer</source>
        <translation>Blöcke je Schicht</translation>
    </message>
    <message>
        <source>Loading order</source>
        <translation>Ladereihenfolge</translation>
    </message>
    <message>
        <source>One model is open at a time: %1. The others you dropped are under File &gt; Open recent.</source>
        <translation>Es ist immer nur ein Modell geöffnet: %1. Die übrigen stehen unter „Datei &gt; Zuletzt geöffnet“.</translation>
    </message>
    <message>
        <source>The conversation was written to %1.</source>
        <translation>Die Unterhaltung wurde in %1 gespeichert.</translation>
    </message>
    <message>
        <source>Memory is scarce: the size went down from %1 to %2.</source>
        <translation>Der Speicher ist knapp: Die Größe wurde von %1 auf %2 gesenkt.</translation>
    </message>
    <message>
        <source>Memory is free again: the size went up from %1 to %2.</source>
        <translation>Es ist wieder Speicher frei: Die Größe wurde von %1 auf %2 erhöht.</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Chat</source>
        <translation>&amp;Chat</translation>
    </message>
    <message>
        <source>&amp;Size</source>
        <translation>&amp;Größe</translation>
    </message>
    <message>
        <source>&amp;Known sizes</source>
        <translation>&amp;Bekannte Größen</translation>
    </message>
    <message>
        <source>Back to the size before</source>
        <translation>Zurück zur vorigen Größe</translation>
    </message>
    <message>
        <source>The size that was left again</source>
        <translation>Wieder zur zurückgenommenen Größe</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Show or hide %1</source>
        <translation>„%1“ ein- oder ausblenden</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Main</source>
        <translation>Hauptleiste</translation>
    </message>
    <message>
        <source>Set this size</source>
        <translation>Diese Größe einstellen</translation>
    </message>
    <message>
        <source>&amp;Forget these</source>
        <translation>Liste &amp;leeren</translation>
    </message>
    <message>
        <source>Empty this list</source>
        <translation>Diese Liste leeren</translation>
    </message>
    <message>
        <source>Opening %1 ...</source>
        <translation>%1 wird geöffnet ...</translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation>Kein Modell geöffnet</translation>
    </message>
    <message>
        <source>Opening ...</source>
        <translation>Wird geöffnet ...</translation>
    </message>
    <message>
        <source>Weights %1   ·   KV cache %2   ·   engine in all %3   ·   free memory %4</source>
        <translation>Gewichte %1   ·   KV-Cache %2   ·   Engine gesamt %3   ·   freier Speicher %4</translation>
    </message>
    <message>
        <source>%1 is cut off; it was opened up to its last whole block.</source>
        <translation>%1 ist abgeschnitten; die Datei wurde bis zum letzten vollständigen Block geöffnet.</translation>
    </message>
    <message>
        <source>%1, with which this conversation was begun, is not there any more. Open a model to go on with it.</source>
        <translation>Das Modell %1, mit dem diese Unterhaltung begonnen wurde, gibt es nicht mehr. Öffnen Sie ein Modell, um sie fortzusetzen.</translation>
    </message>
    <message>
        <source>Open...</source>
        <translation>Öffnen ...</translation>
    </message>
    <message>
        <source>The answer links to %1</source>
        <translation>Die Antwort verweist auf %1</translation>
    </message>
    <message>
        <source>Open in the browser</source>
        <translation>Im Browser öffnen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source> It was started again at %1; the conversation is kept.</source>
        <translation> Sie wurde mit %1 neu gestartet; die Unterhaltung bleibt erhalten.</translation>
    </message>
    <message>
        <source> It was started again; the conversation is kept.</source>
        <translation> Sie wurde neu gestartet; die Unterhaltung bleibt erhalten.</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Models (*.gguf *.bitstack *.safetensors);;All files (*)</source>
        <translation>Modelle (*.gguf *.bitstack *.safetensors);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open a Hugging Face folder</source>
        <translation>Hugging-Face-Ordner öffnen</translation>
    </message>
    <message>
        <source>About BitStack Workbench</source>
        <translation>Über BitStack Workbench</translation>
    </message>
    <message>
        <source>Cha&amp;rt</source>
        <translation>D&amp;iagramm</translation>
    </message>
    <message>
        <source>&lt;b&gt;BitStack Workbench %1&lt;/b&gt;&lt;p&gt;Compress a language model once, then choose how many bytes it may use.&lt;/p&gt;&lt;p&gt;Method: BitStack, Wang et al., ICLR 2025 (arXiv 2410.23918).&lt;/p&gt;&lt;p&gt;Licence: GPL-3.0-or-later, without any warranty.&lt;/p&gt;&lt;p&gt;Made with %2.&lt;/p&gt;&lt;p&gt;Engine: %3&lt;/p&gt;</source>
        <translation>&lt;b&gt;BitStack Workbench %1&lt;/b&gt;&lt;p&gt;Komprimieren Sie ein Sprachmodell einmal und wählen Sie dann, wie viele Bytes es belegen darf.&lt;/p&gt;&lt;p&gt;Verfahren: BitStack, Wang et al., ICLR 2025 (arXiv 2410.23918).&lt;/p&gt;&lt;p&gt;Lizenz: GPL-3.0-or-later, ohne jede Gewähr.&lt;/p&gt;&lt;p&gt;Gebaut mit %2.&lt;/p&gt;&lt;p&gt;Engine: %3&lt;/p&gt;</translation>
    </message>
    <message>
        <source>not started yet</source>
        <translation>noch nicht gestartet</translation>
    </message>
    <message>
        <source>The workbench was closed.</source>
        <translation>Das Programm wurde beendet.</translation>
    </message>
    <message>
        <source>Curve</source>
        <translation>Kurve</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>Blöcke</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Folge</translation>
    </message>
    <message>
        <source>Memory over time</source>
        <translation>Speicher im Zeitverlauf</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Speed against size</source>
        <translation>Tempo nach Größe</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Divergence token by token</source>
        <translation>Divergenz je Token</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>A text to look at</source>
        <translation>Text für die Untersuchung</translation>
    </message>
    <message>
        <source>Text (*.txt *.md);;All files (*)</source>
        <translation>Text (*.txt *.md);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>C&amp;ompare</source>
        <translation>&amp;Vergleich</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>One job was not finished when the workbench ended: %1.</source>
        <translation>Beim Beenden des Programms war ein Auftrag nicht fertig: %1.</translation>
    </message>
    <message>
        <source>%1 jobs were not finished when the workbench ended. The first one: %2.</source>
        <translation>Beim Beenden des Programms waren %1 Aufträge nicht fertig. Der erste: %2.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>They are offered again at the next start: a compression goes on where it stopped, and sizes that were measured are kept.</source>
        <translation>Beim nächsten Start wird die Fortsetzung angeboten: Eine Komprimierung macht dort weiter, wo sie aufgehört hat, und gemessene Größen bleiben erhalten.</translation>
    </message>
    <message>
        <source>Keep working</source>
        <translation>Weiterarbeiten</translation>
    </message>
    <message>
        <source>R&amp;ecipe</source>
        <translation>&amp;Rezept</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>Au&amp;fträge</translation>
    </message>
    <message>
        <source>R&amp;uns</source>
        <translation>&amp;Läufe</translation>
    </message>
    <message>
        <source>The recipe as it was before the last edit</source>
        <translation>Das Rezept vor der letzten Änderung</translation>
    </message>
    <message>
        <source>The edit that was undone again</source>
        <translation>Die rückgängig gemachte Änderung wieder vornehmen</translation>
    </message>
    <message>
        <source>%1 is not finished. Quit the workbench all the same?</source>
        <translation>%1 ist nicht fertig. Die Workbench trotzdem beenden?</translation>
    </message>
    <message>
        <source>%1 jobs are not finished. Quit the workbench all the same?</source>
        <translation>%1 Aufträge sind nicht fertig. Die Workbench trotzdem beenden?</translation>
    </message>
    <message>
        <source>The device that was chosen is used the next time a model is opened; %1 stays where it is until then.</source>
        <translation>Das gewählte Gerät gilt ab dem nächsten Öffnen eines Modells; bis dahin bleibt %1, wo es ist.</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>Neu öffnen</translation>
    </message>
</context>
<context>
    <name>bs::ui::MeasureDialog</name>
    <message>
        <source>Text to measure on</source>
        <translation>Text für die Messung</translation>
    </message>
    <message>
        <source>Text (*.txt);;All files (*)</source>
        <translation>Text (*.txt);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>The &amp;uncompressed model too</source>
        <translation>A&amp;uch das unkomprimierte Modell</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Measure curve</source>
        <translation>Kurve messen</translation>
    </message>
    <message>
        <source>Spread evenly over the range</source>
        <translation>Gleichmäßig über den Bereich verteilt</translation>
    </message>
    <message>
        <source>Smallest size to measure</source>
        <translation>Kleinste zu messende Größe</translation>
    </message>
    <message>
        <source>Largest size to measure</source>
        <translation>Größte zu messende Größe</translation>
    </message>
    <message>
        <source>A size such as 105.5MB, min or max</source>
        <translation>Eine Größe wie 105.5MB, min oder max</translation>
    </message>
    <message>
        <source>Tokens of one window</source>
        <translation>Token eines Fensters</translation>
    </message>
    <message>
        <source>Only the first so many windows of the text</source>
        <translation>Nur so viele Fenster vom Anfang des Textes</translation>
    </message>
    <message>
        <source>What the curve is held against</source>
        <translation>Zum Vergleich mit der Kurve</translation>
    </message>
    <message>
        <source>&amp;Text</source>
        <translation>&amp;Text</translation>
    </message>
    <message>
        <source>&amp;Sizes</source>
        <translation>&amp;Größen</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>F&amp;rom</source>
        <translation>&amp;Von</translation>
    </message>
    <message>
        <source>&amp;Context</source>
        <translation>&amp;Kontext</translation>
    </message>
    <message>
        <source>&amp;Windows</source>
        <translation>&amp;Fenster</translation>
    </message>
    <message>
        <source>%1 is below the smallest plan of this model, %2.</source>
        <translation>%1 liegt unter dem kleinsten Plan dieses Modells, %2.</translation>
    </message>
    <message>
        <source>Choose a text file the model was not trained on.</source>
        <translation>Wählen Sie eine Textdatei, mit der das Modell nicht trainiert wurde.</translation>
    </message>
    <message>
        <source>The range ends before it begins.</source>
        <translation>Der Bereich endet vor seinem Anfang.</translation>
    </message>
    <message>
        <source>uncompressed</source>
        <translation>unkomprimiert</translation>
    </message>
    <message>
        <source>&amp;KL divergence from the original too</source>
        <translation>Auch die KL-Divergen&amp;z zum Original</translation>
    </message>
    <message>
        <source>The original model</source>
        <translation>Das Originalmodell</translation>
    </message>
    <message>
        <source>Models (*.gguf *.bitstack *.safetensors);;All files (*)</source>
        <translation>Modelle (*.gguf *.bitstack *.safetensors);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>How far the probabilities are from the original&apos;s, and how often the first choice is the same</source>
        <translation>Wie weit die Wahrscheinlichkeiten von denen des Originals entfernt sind und wie oft die erste Wahl dieselbe ist</translation>
    </message>
    <message>
        <source>&amp;Original</source>
        <translation>&amp;Original</translation>
    </message>
    <message>
        <source>Measure the recipe</source>
        <translation>Rezept messen</translation>
    </message>
    <message>
        <source>Choose the model to compare with: a file, or a Hugging Face folder.</source>
        <translation>Wählen Sie das Vergleichsmodell: eine Datei oder einen Hugging-Face-Ordner.</translation>
    </message>
    <message>
        <source>Under the rules %1. </source>
        <translation>Mit den Regeln %1. </translation>
    </message>
    <message>
        <source>%3 on %1 tokens at: %2. It runs beside the chat; every point appears in the chart as soon as it is known.</source>
        <translation>%3 auf %1 Token bei: %2. Die Messung läuft neben dem Chat; jeder Punkt erscheint im Diagramm, sobald er bekannt ist.</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>Perplexität</translation>
    </message>
    <message>
        <source>Perplexity and divergence</source>
        <translation>Perplexität und Divergenz</translation>
    </message>
</context>
<context>
    <name>bs::ui::MeasurementsModel</name>
    <message>
        <source>%1 × original</source>
        <translation>%1 × Original</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>No measurements.</source>
        <translation>Keine Messungen.</translation>
    </message>
    <message>
        <source>%1 points: from %2 times the original&apos;s perplexity at %3 (%4) to %5 times at %6 (%7).</source>
        <translation>%1 Punkte: vom %2-Fachen der Perplexität des Originals bei %3 (%4) bis zum %5-Fachen bei %6 (%7).</translation>
    </message>
    <message>
        <source>%1 points: from perplexity %2 at %3 (%4) to %5 at %6 (%7).</source>
        <translation>%1 Punkte: von Perplexität %2 bei %3 (%4) bis %5 bei %6 (%7).</translation>
    </message>
    <message>
        <source>No other point is at most as large and better</source>
        <translation>Kein anderer Punkt ist höchstens so groß und besser</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>Quartiles</source>
        <translation>Quartile</translation>
    </message>
    <message>
        <source>99 %</source>
        <translation>99 %</translation>
    </message>
    <message>
        <source>Front</source>
        <translation>Front</translation>
    </message>
    <message>
        <source>Pareto front: points that no other beats in size and quality</source>
        <translation>Pareto-Front: Punkte, die kein anderer in Größe und Qualität schlägt</translation>
    </message>
    <message>
        <source>One point: %1 at %2 (%3).</source>
        <translation>Ein Punkt: %1 bei %2 (%3).</translation>
    </message>
    <message>
        <source>%1 points: from %2 at %3 (%4) to %5 at %6 (%7).</source>
        <translation>%1 Punkte: von %2 bei %3 (%4) bis %5 bei %6 (%7).</translation>
    </message>
</context>
<context>
    <name>bs::ui::MemoryBar</name>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Free %1</source>
        <translation>Frei %1</translation>
    </message>
</context>
<context>
    <name>bs::ui::MemoryModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Ereignis</translation>
    </message>
    <message>
        <source>Engine in all</source>
        <translation>Engine gesamt</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-Cache</translation>
    </message>
    <message>
        <source>Free memory</source>
        <translation>Freier Speicher</translation>
    </message>
    <message>
        <source>model opened</source>
        <translation>Modell geöffnet</translation>
    </message>
    <message>
        <source>size changed</source>
        <translation>Größe geändert</translation>
    </message>
    <message>
        <source>answer began</source>
        <translation>Antwort begonnen</translation>
    </message>
    <message>
        <source>answer ended</source>
        <translation>Antwort beendet</translation>
    </message>
    <message>
        <source>model closed</source>
        <translation>Modell geschlossen</translation>
    </message>
    <message>
        <source>engine lost</source>
        <translation>Engine verloren</translation>
    </message>
    <message>
        <source>size %1</source>
        <translation>Größe %1</translation>
    </message>
    <message>
        <source>engine in all %1
weights %2 · KV cache %3
free memory %4</source>
        <translation>Engine gesamt %1
Gewichte %2 · KV-Cache %3
freier Speicher %4</translation>
    </message>
    <message>
        <source>Nothing was open yet.</source>
        <translation>Noch war nichts geöffnet.</translation>
    </message>
    <message>
        <source>From %1 to %2: the engine holds %3 now, %4 at most (%5); %6 events.</source>
        <translation>Von %1 bis %2: Die Engine belegt jetzt %3, höchstens waren es %4 (%5); %6 Ereignisse.</translation>
    </message>
</context>
<context>
    <name>bs::ui::MemoryPanel</name>
    <message>
        <source>Memory over time</source>
        <translation>Speicher im Zeitverlauf</translation>
    </message>
</context>
<context>
    <name>bs::ui::MemoryParts</name>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-Cache</translation>
    </message>
    <message>
        <source>Working memory</source>
        <translation>Arbeitsbereich</translation>
    </message>
    <message>
        <source>%1 free</source>
        <translation>%1 frei</translation>
    </message>
    <message>
        <source>Memory is nearly used up: choose a smaller size.</source>
        <translation>Der Speicher ist fast aufgebraucht: Wählen Sie eine kleinere Größe.</translation>
    </message>
    <message>
        <source>Memory is getting scarce.</source>
        <translation>Der Speicher wird knapp.</translation>
    </message>
</context>
<context>
    <name>bs::ui::MemoryPlot</name>
    <message>
        <source>Memory (MB)</source>
        <translation>Speicher (MB)</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>free memory</source>
        <translation>freier Speicher</translation>
    </message>
    <message>
        <source>What the engine holds is drawn here
once a model is open.</source>
        <translation>Hier erscheint, was die Engine belegt,
sobald ein Modell geöffnet ist.</translation>
    </message>
    <message>
        <source>engine in all</source>
        <translation>Engine gesamt</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV-Cache</translation>
    </message>
    <message>
        <source>Memory over time</source>
        <translation>Speicher im Zeitverlauf</translation>
    </message>
</context>
<context>
    <name>bs::ui::MessageBar</name>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Show what the engine said</source>
        <translation>Zeigen, was die Engine gemeldet hat</translation>
    </message>
    <message>
        <source>Copy the sentence and its details</source>
        <translation>Die Meldung samt Details kopieren</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>bs::ui::MessageWriter</name>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>The version before</source>
        <translation>Vorige Fassung</translation>
    </message>
    <message>
        <source>The version after this one</source>
        <translation>Nächste Fassung</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Ask with another text; this one is kept as a version</source>
        <translation>Mit einem anderen Text fragen; dieser bleibt als Fassung erhalten</translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation>Neu erzeugen</translation>
    </message>
    <message>
        <source>Make this answer again; this one is kept as a version</source>
        <translation>Diese Antwort neu erzeugen; die jetzige bleibt als Fassung erhalten</translation>
    </message>
    <message>
        <source>Branch from here</source>
        <translation>Hier abzweigen</translation>
    </message>
    <message>
        <source>Go on from here; what follows now is kept</source>
        <translation>Hier weitermachen; der bisherige Fortgang bleibt erhalten</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy this message</source>
        <translation>Diese Nachricht kopieren</translation>
    </message>
    <message>
        <source>The next prompt goes on from here.</source>
        <translation>Der nächste Prompt setzt hier an.</translation>
    </message>
    <message>
        <source>Show how it went on</source>
        <translation>Zeigen, wie es weiterging</translation>
    </message>
    <message>
        <source>Leave this branch</source>
        <translation>Diesen Zweig verlassen</translation>
    </message>
</context>
<context>
    <name>bs::ui::MetadataModel</name>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
</context>
<context>
    <name>bs::ui::ModelPanel</name>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>No model is open.</source>
        <translation>Es ist kein Modell geöffnet.</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>Modellkarte</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>Kontextlänge</translation>
    </message>
    <message>
        <source>How many tokens of the conversation the model sees; its KV cache is shown above</source>
        <translation>Wie viele Token der Unterhaltung das Modell sieht; der KV-Cache dafür steht oben</translation>
    </message>
    <message>
        <source>Load the model again with this context length</source>
        <translation>Das Modell mit dieser Kontextlänge neu laden</translation>
    </message>
    <message>
        <source>Context len&amp;gth</source>
        <translation>&amp;Kontextlänge</translation>
    </message>
</context>
<context>
    <name>bs::ui::ModelSeat</name>
    <message>
        <source>Stopped.</source>
        <translation>Gestoppt.</translation>
    </message>
</context>
<context>
    <name>bs::ui::OrderPanel</name>
    <message>
        <source>Loading order</source>
        <translation>Ladereihenfolge</translation>
    </message>
</context>
<context>
    <name>bs::ui::OrderPlot</name>
    <message>
        <source>Loading order</source>
        <translation>Ladereihenfolge</translation>
    </message>
    <message>
        <source>Loss (nats a token)</source>
        <translation>Verlust (Nat je Token)</translation>
    </message>
    <message>
        <source>gain left, as the order counts it</source>
        <translation>Restgewinn laut Reihenfolge</translation>
    </message>
    <message>
        <source>predicted rise</source>
        <translation>vorhergesagter Anstieg</translation>
    </message>
    <message>
        <source>measured rise</source>
        <translation>gemessener Anstieg</translation>
    </message>
    <message>
        <source>This file stores no gains and no predictions.
The table has the order.</source>
        <translation>Diese Datei enthält weder Gewinne noch Vorhersagen.
Die Reihenfolge steht in der Tabelle.</translation>
    </message>
    <message>
        <source>The loading order is shown here
once a .bitstack file is open.</source>
        <translation>Hier erscheint die Ladereihenfolge,
sobald eine .bitstack-Datei geöffnet ist.</translation>
    </message>
</context>
<context>
    <name>bs::ui::PathList</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>%1: type a path</source>
        <translation>%1: Pfad eingeben</translation>
    </message>
    <message>
        <source>Type a path and press Return</source>
        <translation>Pfad eingeben und Enter drücken</translation>
    </message>
    <message>
        <source>Take the chosen one out</source>
        <translation>Den ausgewählten Eintrag entfernen</translation>
    </message>
    <message>
        <source>Add...</source>
        <translation>Hinzufügen ...</translation>
    </message>
</context>
<context>
    <name>bs::ui::PinMenu</name>
    <message>
        <source>&amp;Measured size</source>
        <translation>&amp;Gemessene Größe</translation>
    </message>
    <message>
        <source>What %1 is</source>
        <translation>Was %1 ist</translation>
    </message>
    <message>
        <source>no model is open</source>
        <translation>kein Modell geöffnet</translation>
    </message>
    <message>
        <source>The &amp;size that is set now (%1)</source>
        <translation>Die jetzt &amp;eingestellte Größe (%1)</translation>
    </message>
    <message>
        <source>The &amp;open model (%1)</source>
        <translation>Das geöffnete &amp;Modell (%1)</translation>
    </message>
    <message>
        <source>&amp;Another size...</source>
        <translation>&amp;Andere Größe ...</translation>
    </message>
    <message>
        <source>A size of the stack that is open</source>
        <translation>Eine Größe des geöffneten Stapels</translation>
    </message>
    <message>
        <source>The &amp;uncompressed model</source>
        <translation>Das &amp;unkomprimierte Modell</translation>
    </message>
    <message>
        <source>Known once a stack of this model is A or B</source>
        <translation>Wo das Modell eines Stapels liegt, ist bekannt, sobald der Stapel A oder B ist</translation>
    </message>
    <message>
        <source>&amp;File...</source>
        <translation>&amp;Datei ...</translation>
    </message>
    <message>
        <source>Another stack, a GGUF file or the safetensors of a Hugging Face folder</source>
        <translation>Ein anderer Stapel, eine GGUF-Datei oder die safetensors eines Hugging-Face-Ordners</translation>
    </message>
    <message>
        <source>&amp;Nothing</source>
        <translation>&amp;Nichts</translation>
    </message>
    <message>
        <source>Take this one away</source>
        <translation>Diese Auswahl aufheben</translation>
    </message>
    <message>
        <source>%1 of %2 (perplexity %3)</source>
        <translation>%1 von %2 (Perplexität %3)</translation>
    </message>
    <message>
        <source>A size from %1 to %2, such as 60MB, min or max:</source>
        <translation>Eine Größe von %1 bis %2, etwa 60MB, min oder max:</translation>
    </message>
    <message>
        <source>Models (*.gguf *.bitstack *.safetensors);;All files (*)</source>
        <translation>Modelle (*.gguf *.bitstack *.safetensors);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Named &amp;plan</source>
        <translation>Benannter &amp;Plan</translation>
    </message>
    <message>
        <source>Recipe at %1</source>
        <translation>Rezept bei %1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>bs::ui::PlansDialog</name>
    <message>
        <source>No plan of this file has a name yet.
Save the recipe as a plan.</source>
        <translation>Noch hat kein Plan dieser Datei einen Namen.
Speichern Sie das Rezept als Plan.</translation>
    </message>
    <message>
        <source>&amp;Take up</source>
        <translation>Ü&amp;bernehmen</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>&amp;Umbenennen</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Plans of %1</source>
        <translation>Pläne von %1</translation>
    </message>
    <message>
        <source>Named plans</source>
        <translation>Benannte Pläne</translation>
    </message>
    <message>
        <source>Edit by these rules, at this size</source>
        <translation>Diese Regeln bei dieser Größe bearbeiten</translation>
    </message>
    <message>
        <source>Another name (F2)</source>
        <translation>Anderer Name (F2)</translation>
    </message>
    <message>
        <source>Delete the chosen plan; it can be brought back</source>
        <translation>Den ausgewählten Plan löschen; er lässt sich zurückholen</translation>
    </message>
    <message>
        <source>Bring the deleted plan back</source>
        <translation>Den gelöschten Plan zurückholen</translation>
    </message>
    <message>
        <source>Deleted &quot;%1&quot;.</source>
        <translation>„%1“ gelöscht.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>bs::ui::PlansModel</name>
    <message>
        <source>%1 rules</source>
        <translation>%1 Regeln</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
</context>
<context>
    <name>bs::ui::PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>All (%1)</source>
        <translation>Alle (%1)</translation>
    </message>
    <message>
        <source>Threads that answers and jobs compute with; a model that is open is loaded again</source>
        <translation>Threads, mit denen Antworten und Aufträge rechnen; ein geöffnetes Modell wird neu geladen</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> Token</translation>
    </message>
    <message>
        <source>Context length of models that are opened from now on</source>
        <translation>Kontextlänge der Modelle, die ab jetzt geöffnet werden</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>&amp;Gerät</translation>
    </message>
    <message>
        <source>&amp;Threads</source>
        <translation>&amp;Threads</translation>
    </message>
    <message>
        <source>&amp;Context length</source>
        <translation>&amp;Kontextlänge</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>The system&apos;s</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Another language shows at the next start.</source>
        <translation>Eine andere Sprache gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>Kept for later</source>
        <translation>Zwischengespeichert</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Clear %1</source>
        <translation>„%1“ leeren</translation>
    </message>
    <message>
        <source>Delete %1</source>
        <translation>%1 löschen</translation>
    </message>
    <message>
        <source>What models run on that are opened from now on; automatic: the first graphics card if there is one with room, or else the processor</source>
        <translation>Worauf Modelle laufen, die ab jetzt geöffnet werden; automatisch: auf der ersten Grafikkarte, wenn es eine mit genug Platz gibt, sonst auf dem Prozessor</translation>
    </message>
</context>
<context>
    <name>bs::ui::PromptEdit</name>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Ask something. Enter sends, Shift+Enter begins a new line.</source>
        <translation>Fragen Sie etwas. Enter sendet, Umschalt+Enter: neue Zeile.</translation>
    </message>
</context>
<context>
    <name>bs::ui::RecipeActions</name>
    <message>
        <source>&amp;Raise</source>
        <translation>&amp;Erhöhen</translation>
    </message>
    <message>
        <source>One block more for the chosen matrix, whatever the size is</source>
        <translation>Ein Block mehr für die ausgewählte Matrix, gleich bei welcher Größe</translation>
    </message>
    <message>
        <source>&amp;Lower</source>
        <translation>Se&amp;nken</translation>
    </message>
    <message>
        <source>One block fewer for the chosen matrix, whatever the size is</source>
        <translation>Ein Block weniger für die ausgewählte Matrix, gleich bei welcher Größe</translation>
    </message>
    <message>
        <source>Leave &amp;out</source>
        <translation>&amp;Weglassen</translation>
    </message>
    <message>
        <source>Load nothing of the chosen matrix; it counts as zero</source>
        <translation>Nichts von der ausgewählten Matrix laden; sie zählt als null</translation>
    </message>
    <message>
        <source>&amp;Keep at...</source>
        <translation>Festlegen &amp;auf ...</translation>
    </message>
    <message>
        <source>Keep the chosen matrix at so many blocks or bits a weight</source>
        <translation>Die ausgewählte Matrix auf so viele Blöcke oder Bit je Gewicht festlegen</translation>
    </message>
    <message>
        <source>&amp;Clear rule</source>
        <translation>Regel &amp;löschen</translation>
    </message>
    <message>
        <source>The chosen matrix as the loading order has it</source>
        <translation>Die ausgewählte Matrix wie in der Ladereihenfolge</translation>
    </message>
    <message>
        <source>Edit the &amp;whole class</source>
        <translation>&amp;Ganze Klasse bearbeiten</translation>
    </message>
    <message>
        <source>Rules are for the same matrix of every layer</source>
        <translation>Regeln gelten für dieselbe Matrix jeder Schicht</translation>
    </message>
    <message>
        <source>Clear &amp;all rules</source>
        <translation>Alle Regeln lös&amp;chen</translation>
    </message>
    <message>
        <source>An empty recipe; it can be undone</source>
        <translation>Ein leeres Rezept; lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>&amp;Use the recipe</source>
        <translation>&amp;Rezept anwenden</translation>
    </message>
    <message>
        <source>Load by these rules; the slider goes on under them</source>
        <translation>Nach diesen Regeln laden; der Schieberegler wirkt darunter weiter</translation>
    </message>
    <message>
        <source>&amp;Measure the recipe...</source>
        <translation>Rezept &amp;messen ...</translation>
    </message>
    <message>
        <source>Measure perplexity under these rules, beside the chat</source>
        <translation>Die Perplexität mit diesen Regeln messen, neben dem Chat</translation>
    </message>
    <message>
        <source>&amp;Plans...</source>
        <translation>&amp;Pläne ...</translation>
    </message>
    <message>
        <source>Recipes of this file that were given a name</source>
        <translation>Benannte Rezepte dieser Datei</translation>
    </message>
    <message>
        <source>&amp;Save as plan...</source>
        <translation>Als Plan &amp;speichern ...</translation>
    </message>
    <message>
        <source>Give this recipe a name and keep it</source>
        <translation>Diesem Rezept einen Namen geben und es aufheben</translation>
    </message>
    <message>
        <source>&amp;Import plan file...</source>
        <translation>Plandatei &amp;importieren ...</translation>
    </message>
    <message>
        <source>Take the rules of a plan file</source>
        <translation>Die Regeln einer Plandatei übernehmen</translation>
    </message>
    <message>
        <source>&amp;Export plan file...</source>
        <translation>Plandatei e&amp;xportieren ...</translation>
    </message>
    <message>
        <source>Write a file that --plan of the command line reads</source>
        <translation>Eine Datei schreiben, die --plan auf der Befehlszeile liest</translation>
    </message>
    <message>
        <source>Whole class</source>
        <translation>Ganze Klasse</translation>
    </message>
    <message>
        <source>Keep at</source>
        <translation>Festlegen</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Anwenden</translation>
    </message>
</context>
<context>
    <name>bs::ui::RecipeCommands</name>
    <message>
        <source>clear %1</source>
        <translation>„%1: Regel löschen“</translation>
    </message>
    <message>
        <source>clear all rules</source>
        <translation>„Alle Regeln löschen“</translation>
    </message>
    <message>
        <source>raise %1</source>
        <translation>„%1: erhöhen“</translation>
    </message>
    <message>
        <source>lower %1</source>
        <translation>„%1: senken“</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>„%1: %2“</translation>
    </message>
    <message>
        <source>Save as plan</source>
        <translation>Als Plan speichern</translation>
    </message>
    <message>
        <source>Name of the plan (one of the same name is replaced)</source>
        <translation>Name des Plans (ein gleichnamiger wird ersetzt)</translation>
    </message>
    <message>
        <source>The plan &quot;%1&quot; is kept.</source>
        <translation>Der Plan „%1“ ist gespeichert.</translation>
    </message>
    <message>
        <source>plan %1</source>
        <translation>„Plan %1“</translation>
    </message>
    <message>
        <source>Import a plan file</source>
        <translation>Plandatei importieren</translation>
    </message>
    <message>
        <source>Plans (*.json);;All files (*)</source>
        <translation>Pläne (*.json);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Export the plan</source>
        <translation>Plan exportieren</translation>
    </message>
    <message>
        <source>Plans (*.json)</source>
        <translation>Pläne (*.json)</translation>
    </message>
    <message>
        <source>The plan was written to %1.</source>
        <translation>Der Plan wurde in %1 gespeichert.</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>%1 kann nicht geschrieben werden: %2</translation>
    </message>
</context>
<context>
    <name>bs::ui::RecipeDesk</name>
    <message>
        <source>rules of %1</source>
        <translation>„Regeln aus %1“</translation>
    </message>
</context>
<context>
    <name>bs::ui::RecipeModel</name>
    <message>
        <source>Matrix</source>
        <translation>Matrix</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>clear %1</source>
        <translation>„%1: Regel löschen“</translation>
    </message>
</context>
<context>
    <name>bs::ui::RecipePanel</name>
    <message>
        <source>More about the recipe</source>
        <translation>Mehr zum Rezept</translation>
    </message>
    <message>
        <source>Rules of the recipe</source>
        <translation>Regeln des Rezepts</translation>
    </message>
    <message>
        <source>Delete clears the chosen rule</source>
        <translation>Entf löscht die ausgewählte Regel</translation>
    </message>
    <message>
        <source>Choose a matrix, then raise it, lower it or keep it at a depth. The rest follows the loading order.</source>
        <translation>Wählen Sie eine Matrix und erhöhen oder senken Sie sie oder legen Sie ihre Tiefe fest. Der Rest folgt der Ladereihenfolge.</translation>
    </message>
    <message>
        <source>Not known yet what this comes to.</source>
        <translation>Noch nicht bekannt, was das ergibt.</translation>
    </message>
</context>
<context>
    <name>bs::ui::RecipePlan</name>
    <message>
        <source>%1, smaller than the loading order can be.</source>
        <translation>%1, kleiner, als die Ladereihenfolge sein kann.</translation>
    </message>
    <message>
        <source>%1. The file stores no gains, so nothing is predicted: measure it.</source>
        <translation>%1. Die Datei enthält keine Gewinne, daher keine Vorhersage: Messen Sie nach.</translation>
    </message>
    <message>
        <source>%1. Predicted as good as the loading order at as many bytes.</source>
        <translation>%1. Voraussichtlich so gut wie die Ladereihenfolge bei gleicher Größe.</translation>
    </message>
    <message>
        <source>%1. Perplexity predicted %2 % higher than the loading order&apos;s at as many bytes.</source>
        <translation>%1. Perplexität voraussichtlich %2 % höher als bei der Ladereihenfolge gleicher Größe.</translation>
    </message>
    <message>
        <source>%1. Perplexity predicted %2 % lower than the loading order&apos;s at as many bytes.</source>
        <translation>%1. Perplexität voraussichtlich %2 % niedriger als bei der Ladereihenfolge gleicher Größe.</translation>
    </message>
</context>
<context>
    <name>bs::ui::RunsModel</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>bs::ui::RunsPage</name>
    <message>
        <source>Filter runs</source>
        <translation>Läufe filtern</translation>
    </message>
    <message>
        <source>Filter: words, codec:nested, ppl&lt;20, size&lt;100MB, -state:failed</source>
        <translation>Filter: Wörter, codec:nested, ppl&lt;20, size&lt;100MB, -state:failed</translation>
    </message>
    <message>
        <source>Rows must match every part: a word in any column, column:text, column=text, numbers with &lt; &lt;= &gt; &gt;= = and sizes such as 100MB, dates such as started&gt;2026-11-20. A minus in front negates a part, quotes keep words together. The heads of the columns tell their names.</source>
        <translation>Zeilen müssen zu jedem Teil passen: ein Wort in irgendeiner Spalte, Spalte:Text, Spalte=Text, Zahlen mit &lt; &lt;= &gt; &gt;= = und Größen wie 100MB, Datumsangaben wie started&gt;2026-11-20. Ein Minus davor kehrt einen Teil um, Anführungszeichen halten Wörter zusammen. Die Spaltenköpfe nennen die Spaltennamen.</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Bring the deleted runs back</source>
        <translation>Die gelöschten Läufe zurückholen</translation>
    </message>
    <message>
        <source>One row was written to %1.</source>
        <translation>Eine Zeile wurde in %1 gespeichert.</translation>
    </message>
    <message>
        <source>%1 rows were written to %2.</source>
        <translation>%1 Zeilen wurden in %2 gespeichert.</translation>
    </message>
    <message>
        <source>Deleted run %1 with all its sizes.</source>
        <translation>Lauf %1 mit allen Größen gelöscht.</translation>
    </message>
    <message>
        <source>Deleted %1 runs with all their sizes.</source>
        <translation>%1 Läufe mit allen Größen gelöscht.</translation>
    </message>
    <message>
        <source>Save the rows that are shown</source>
        <translation>Die gezeigten Zeilen speichern</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>The same in every row: %1</source>
        <translation>In jeder Zeile gleich: %1</translation>
    </message>
    <message>
        <source>one row</source>
        <translation>eine Zeile</translation>
    </message>
    <message>
        <source>%1 rows</source>
        <translation>%1 Zeilen</translation>
    </message>
    <message>
        <source>%1 of %2 rows</source>
        <translation>%1 von %2 Zeilen</translation>
    </message>
    <message>
        <source>Nothing was measured yet.
Measure a curve, or let a sweep measure many.</source>
        <translation>Noch nichts gemessen.
Messen Sie eine Kurve, oder lassen Sie eine Messreihe viele messen.</translation>
    </message>
    <message>
        <source>No row matches the filter.</source>
        <translation>Keine Zeile passt zum Filter.</translation>
    </message>
    <message>
        <source>Go to &amp;runs</source>
        <translation>Zu den &amp;Läufen</translation>
    </message>
    <message>
        <source>Show everything that was measured</source>
        <translation>Alles zeigen, was gemessen wurde</translation>
    </message>
    <message>
        <source>&amp;Filter runs</source>
        <translation>Läufe &amp;filtern</translation>
    </message>
    <message>
        <source>Show only runs that match a line of words</source>
        <translation>Nur Läufe zeigen, die zu einer Zeile mit Wörtern passen</translation>
    </message>
    <message>
        <source>Only &amp;what differs</source>
        <translation>Nur &amp;Unterschiede</translation>
    </message>
    <message>
        <source>Hide columns that are the same in every row</source>
        <translation>Spalten ausblenden, die in jeder Zeile gleich sind</translation>
    </message>
    <message>
        <source>&amp;Sort by this column</source>
        <translation>Nach dieser &amp;Spalte sortieren</translation>
    </message>
    <message>
        <source>Sort runs by the chosen column, then the other way round</source>
        <translation>Läufe nach der ausgewählten Spalte sortieren, danach umgekehrt</translation>
    </message>
    <message>
        <source>&amp;Open this point</source>
        <translation>Diesen &amp;Punkt öffnen</translation>
    </message>
    <message>
        <source>Load the file of this row at this size</source>
        <translation>Die Datei dieser Zeile in dieser Größe laden</translation>
    </message>
    <message>
        <source>Write a &amp;note...</source>
        <translation>&amp;Notiz schreiben ...</translation>
    </message>
    <message>
        <source>Write something about the chosen run</source>
        <translation>Etwas zum ausgewählten Lauf notieren</translation>
    </message>
    <message>
        <source>&amp;Delete runs</source>
        <translation>Läufe lös&amp;chen</translation>
    </message>
    <message>
        <source>Delete the chosen runs with all their sizes; they can be brought back</source>
        <translation>Die ausgewählten Läufe mit allen Größen löschen; sie lassen sich zurückholen</translation>
    </message>
    <message>
        <source>&amp;Bring deleted runs back</source>
        <translation>&amp;Gelöschte Läufe zurückholen</translation>
    </message>
    <message>
        <source>Undo the last deletion of runs</source>
        <translation>Das letzte Löschen von Läufen rückgängig machen</translation>
    </message>
    <message>
        <source>&amp;Copy rows</source>
        <translation>Zeilen &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy the chosen rows, for a spreadsheet</source>
        <translation>Die ausgewählten Zeilen kopieren, für eine Tabellenkalkulation</translation>
    </message>
    <message>
        <source>Save rows as CS&amp;V...</source>
        <translation>Zeilen als CS&amp;V speichern ...</translation>
    </message>
    <message>
        <source>Write the rows that are shown to a file</source>
        <translation>Die gezeigten Zeilen in eine Datei schreiben</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtern</translation>
    </message>
    <message>
        <source>Only what differs</source>
        <translation>Nur Unterschiede</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>Sortieren</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Save as CSV...</source>
        <translation>Als CSV speichern ...</translation>
    </message>
</context>
<context>
    <name>bs::ui::SeriesButton</name>
    <message>
        <source>Series</source>
        <translation>Linien</translation>
    </message>
    <message>
        <source>Series shown</source>
        <translation>Gezeigte Linien</translation>
    </message>
    <message>
        <source>Which lines are shown; a click in the legend does the same</source>
        <translation>Welche Linien gezeigt werden; ein Klick in die Legende bewirkt dasselbe</translation>
    </message>
</context>
<context>
    <name>bs::ui::SizeAxis</name>
    <message>
        <source>Size (MiB)</source>
        <translation>Größe (MiB)</translation>
    </message>
    <message>
        <source>Size (bytes)</source>
        <translation>Größe (Byte)</translation>
    </message>
    <message>
        <source>Size (bits per weight, every byte of the file)</source>
        <translation>Größe (Bit je Gewicht, jedes Byte der Datei)</translation>
    </message>
    <message>
        <source>Size (MB)</source>
        <translation>Größe (MB)</translation>
    </message>
    <message>
        <source>%1 MiB</source>
        <translation>%1 MiB</translation>
    </message>
    <message>
        <source>%1 bits per weight</source>
        <translation>%1 Bit je Gewicht</translation>
    </message>
</context>
<context>
    <name>bs::ui::SizeHistory</name>
    <message>
        <source>size %1</source>
        <translation>Größe %1</translation>
    </message>
</context>
<context>
    <name>bs::ui::SizePanel</name>
    <message>
        <source>Compress...</source>
        <translation>Komprimieren ...</translation>
    </message>
    <message>
        <source>Cut the model into blocks, once</source>
        <translation>Das Modell einmal in Blöcke zerlegen</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>Budget</translation>
    </message>
    <message>
        <source>How many bytes the model may use (arrow keys, Page Up and Down, Home, End)</source>
        <translation>Wie viele Bytes das Modell belegen darf (Pfeiltasten, Bild auf und ab, Pos1, Ende)</translation>
    </message>
    <message>
        <source>Exact budget</source>
        <translation>Exaktes Budget</translation>
    </message>
    <message>
        <source>Bytes, or a size such as 105.5MB; Enter sets it</source>
        <translation>Bytes oder eine Größe wie 105.5MB; Enter übernimmt sie</translation>
    </message>
    <message>
        <source>E&amp;xact</source>
        <translation>E&amp;xakt</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Tiefe</translation>
    </message>
    <message>
        <source>In memory</source>
        <translation>Im Speicher</translation>
    </message>
    <message>
        <source>Open a model to see what its bytes buy.</source>
        <translation>Öffnen Sie ein Modell, um zu sehen, was seine Bytes bringen.</translation>
    </message>
    <message>
        <source>This model has one size. Compress it once, and a slider here sets how much memory it may use.</source>
        <translation>Dieses Modell hat nur eine Größe. Komprimieren Sie es einmal, und ein Schieberegler bestimmt hier, wie viel Speicher es belegen darf.</translation>
    </message>
    <message>
        <source>%1 blocks in every matrix</source>
        <translation>%1 Blöcke in jeder Matrix</translation>
    </message>
    <message>
        <source>%1 to %2 blocks a matrix</source>
        <translation>%1 bis %2 Blöcke je Matrix</translation>
    </message>
    <message>
        <source>Everything is loaded.</source>
        <translation>Alles ist geladen.</translation>
    </message>
    <message>
        <source>One more MB is expected to remove %1 % of the remaining error.</source>
        <translation>Ein weiteres MB beseitigt voraussichtlich %1 % des restlichen Fehlers.</translation>
    </message>
    <message>
        <source>%1 of weights, %2 of KV cache</source>
        <translation>%1 Gewichte, %2 KV-Cache</translation>
    </message>
    <message>
        <source>%1 is below the smallest plan of this model, %2.</source>
        <translation>%1 liegt unter dem kleinsten Plan dieses Modells, %2.</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>Verlassen</translation>
    </message>
    <message>
        <source>Load by the loading order again; the rules are kept</source>
        <translation>Wieder nach der Ladereihenfolge laden; die Regeln bleiben erhalten</translation>
    </message>
    <message>
        <source>Leave the recipe</source>
        <translation>Das Rezept verlassen</translation>
    </message>
    <message>
        <source>A recipe is in use: %1</source>
        <translation>Ein Rezept wird angewendet: %1</translation>
    </message>
    <message>
        <source>A recipe of %1 rules is in use</source>
        <translation>Ein Rezept mit %1 Regeln wird angewendet</translation>
    </message>
</context>
<context>
    <name>bs::ui::SizeTicks</name>
    <message>
        <source>Known sizes</source>
        <translation>Bekannte Größen</translation>
    </message>
</context>
<context>
    <name>bs::ui::SpeedModel</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>Token/s</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>benchmark</source>
        <translation>Benchmark</translation>
    </message>
    <message>
        <source>No answer and no benchmark of this model yet.</source>
        <translation>Noch keine Antwort und kein Benchmark dieses Modells.</translation>
    </message>
    <message>
        <source>%1 tokens/s at %2</source>
        <translation>%1 Token/s bei %2</translation>
    </message>
    <message>
        <source>one answer</source>
        <translation>eine Antwort</translation>
    </message>
    <message>
        <source>%1 answers</source>
        <translation>%1 Antworten</translation>
    </message>
    <message>
        <source>one benchmark</source>
        <translation>eine Messung</translation>
    </message>
    <message>
        <source>%1 benchmarks</source>
        <translation>%1 Messungen</translation>
    </message>
    <message>
        <source>Measured in %1: from %2 to %3.</source>
        <translation>Gemessen in %1: von %2 bis %3.</translation>
    </message>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
</context>
<context>
    <name>bs::ui::SpeedPanel</name>
    <message>
        <source>Speed against size</source>
        <translation>Tempo nach Größe</translation>
    </message>
</context>
<context>
    <name>bs::ui::SpeedPlot</name>
    <message>
        <source>Tokens a second (higher is better)</source>
        <translation>Token je Sekunde (größer ist besser)</translation>
    </message>
    <message>
        <source>How fast answers are is drawn here,
size by size, as you chat.</source>
        <translation>Hier erscheint beim Chatten,
wie schnell Antworten bei jeder Größe sind.</translation>
    </message>
    <message>
        <source>%1, median</source>
        <translation>%1, Median</translation>
    </message>
    <message>
        <source>%1, answers</source>
        <translation>%1, Antworten</translation>
    </message>
    <message>
        <source>%1, benchmarks</source>
        <translation>%1, Benchmarks</translation>
    </message>
    <message>
        <source>%1
%2
%3 tokens/s
%4, %5</source>
        <translation>%1
%2
%3 Token/s
%4, %5</translation>
    </message>
    <message>
        <source>Speed against size</source>
        <translation>Tempo nach Größe</translation>
    </message>
</context>
<context>
    <name>bs::ui::StackGridModel</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>%1 of layer %2</source>
        <translation>%1 in Schicht %2</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>außerhalb</translation>
    </message>
    <message>
        <source>layer %1</source>
        <translation>Schicht %1</translation>
    </message>
    <message>
        <source>Bits per weight</source>
        <translation>Bit je Gewicht</translation>
    </message>
    <message>
        <source>Gain left (nats a token)</source>
        <translation>Restgewinn (Nat je Token)</translation>
    </message>
    <message>
        <source>Gain of the next MB (nats a token)</source>
        <translation>Gewinn des nächsten MB (Nat je Token)</translation>
    </message>
    <message>
        <source>Depth (blocks loaded)</source>
        <translation>Tiefe (geladene Blöcke)</translation>
    </message>
    <message>
        <source>all loaded</source>
        <translation>alles geladen</translation>
    </message>
    <message>
        <source>depth %1 of %2</source>
        <translation>Tiefe %1 von %2</translation>
    </message>
    <message>
        <source>%1 of %2, %3 bits per weight</source>
        <translation>%1 von %2, %3 Bit je Gewicht</translation>
    </message>
    <message>
        <source>in %1 slabs of rows</source>
        <translation>in %1 Zeilenbändern</translation>
    </message>
    <message>
        <source>blocks not loaded would save %1 nats a token</source>
        <translation>nicht geladene Blöcke würden %1 Nat je Token sparen</translation>
    </message>
    <message>
        <source>next: %1, %2 nats a token for a MB</source>
        <translation>nächster: %1, %2 Nat je Token und MB</translation>
    </message>
    <message>
        <source>everything is loaded</source>
        <translation>alles ist geladen</translation>
    </message>
    <message>
        <source>No stack is open.</source>
        <translation>Es ist kein Stapel geöffnet.</translation>
    </message>
    <message>
        <source>The stack has no matrices.</source>
        <translation>Der Stapel hat keine Matrizen.</translation>
    </message>
    <message>
        <source>%1: %2 everywhere.</source>
        <translation>%1: überall %2.</translation>
    </message>
    <message>
        <source>%1: from %2 (%3) to %4 (%5).</source>
        <translation>%1: von %2 (%3) bis %4 (%5).</translation>
    </message>
    <message>
        <source>recipe: %1 (%2)</source>
        <translation>Rezept: %1 (%2)</translation>
    </message>
</context>
<context>
    <name>bs::ui::SweepDialog</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Models (*.gguf *.bitstack *.safetensors);;All files (*)</source>
        <translation>Modelle (*.gguf *.bitstack *.safetensors);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Texts to measure on</source>
        <translation>Texte für die Messung</translation>
    </message>
    <message>
        <source>Text (*.txt);;All files (*)</source>
        <translation>Text (*.txt);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Queue the jobs</source>
        <translation>In Warteschlange stellen</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>Messreihe</translation>
    </message>
    <message>
        <source>Give the sweep a name, to find its runs by.</source>
        <translation>Geben Sie der Messreihe einen Namen, um ihre Läufe wiederzufinden.</translation>
    </message>
    <message>
        <source>Add a model.</source>
        <translation>Fügen Sie ein Modell hinzu.</translation>
    </message>
    <message>
        <source>%1 is not there.</source>
        <translation>%1 gibt es nicht.</translation>
    </message>
    <message>
        <source>Choose a codec.</source>
        <translation>Wählen Sie einen Codec.</translation>
    </message>
    <message>
        <source>Blocks: numbers from 1 to 64.</source>
        <translation>Blöcke: Zahlen von 1 bis 64.</translation>
    </message>
    <message>
        <source>Ranks: numbers from 1 to 256.</source>
        <translation>Ränge: Zahlen von 1 bis 256.</translation>
    </message>
    <message>
        <source>Calibration tokens: numbers from 512 to 1048576.</source>
        <translation>Kalibrierungstoken: Zahlen von 512 bis 1048576.</translation>
    </message>
    <message>
        <source>Say which sizes to measure.</source>
        <translation>Geben Sie an, welche Größen gemessen werden sollen.</translation>
    </message>
    <message>
        <source>Add a text the models were not trained on.</source>
        <translation>Fügen Sie einen Text hinzu, mit dem die Modelle nicht trainiert wurden.</translation>
    </message>
    <message>
        <source>Asking what it will take ...</source>
        <translation>Der Aufwand wird ermittelt ...</translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>etwa %1</translation>
    </message>
    <message>
        <source>as long as the card needs</source>
        <translation>so lange die Karte braucht</translation>
    </message>
    <message>
        <source>Compressing takes %1, up to %2 of memory and %3 of disk (%4 stay, %5 are free); measuring comes on top.</source>
        <translation>Das Komprimieren braucht %1, bis zu %2 Arbeitsspeicher und %3 auf dem Datenträger (%4 bleiben, %5 sind frei); das Messen kommt hinzu.</translation>
    </message>
    <message>
        <source>The disk is too small.</source>
        <translation>Auf dem Datenträger ist zu wenig Platz.</translation>
    </message>
    <message>
        <source>Its runs keep this name: the filter line finds them by sweep:name</source>
        <translation>Ihre Läufe behalten diesen Namen: Die Filterzeile findet sie mit sweep:Name</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Models</source>
        <translation>&amp;Modelle</translation>
    </message>
    <message>
        <source>Codecs</source>
        <translation>Codecs</translation>
    </message>
    <message>
        <source>Of codec bitstack: one or several numbers, such as 8 16</source>
        <translation>Beim Codec bitstack: eine oder mehrere Zahlen, etwa 8 16</translation>
    </message>
    <message>
        <source>Ranks</source>
        <translation>Ränge</translation>
    </message>
    <message>
        <source>&amp;Ranks</source>
        <translation>&amp;Ränge</translation>
    </message>
    <message>
        <source>&amp;Blocks</source>
        <translation>&amp;Blöcke</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>Blöcke</translation>
    </message>
    <message>
        <source>Tokens of calibration text, which each model writes itself: one or several numbers</source>
        <translation>Token des Kalibrierungstextes, den jedes Modell selbst schreibt: eine oder mehrere Zahlen</translation>
    </message>
    <message>
        <source>&amp;Calibration tokens</source>
        <translation>&amp;Kalibrierungstoken</translation>
    </message>
    <message>
        <source>So many sizes of each file, evenly from its smallest to its largest</source>
        <translation>So viele Größen je Datei, gleichmäßig von der kleinsten bis zur größten</translation>
    </message>
    <message>
        <source>such as 60MB 105.5MB</source>
        <translation>etwa 60MB 105.5MB</translation>
    </message>
    <message>
        <source>More sizes</source>
        <translation>Weitere Größen</translation>
    </message>
    <message>
        <source>What is below a file&apos;s smallest size is left out there</source>
        <translation>Was unter der kleinsten Größe einer Datei liegt, entfällt dort</translation>
    </message>
    <message>
        <source>of each file an&amp;d at</source>
        <translation>je Datei &amp;und bei</translation>
    </message>
    <message>
        <source>&amp;Sizes</source>
        <translation>&amp;Größen</translation>
    </message>
    <message>
        <source>&amp;Texts</source>
        <translation>&amp;Texte</translation>
    </message>
    <message>
        <source>Tokens of one window</source>
        <translation>Token eines Fensters</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Only the first so many windows of each text</source>
        <translation>Nur so viele Fenster vom Anfang jedes Textes</translation>
    </message>
    <message>
        <source>&amp;Windows</source>
        <translation>&amp;Fenster</translation>
    </message>
    <message>
        <source>C&amp;ontext</source>
        <translation>K&amp;ontext</translation>
    </message>
    <message>
        <source>Name of the sweep</source>
        <translation>Name der Messreihe</translation>
    </message>
    <message>
        <source>Calibration tokens</source>
        <translation>Token zur Kalibrierung</translation>
    </message>
    <message>
        <source>Sizes of each file</source>
        <translation>Größen jeder Datei</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Jobs: %1 (compressions: %2, measurements: %3).</source>
        <translation>Aufträge: %1 (Komprimierungen: %2, Messungen: %3).</translation>
    </message>
    <message>
        <source>Files of this name that are there already (%1) are measured as they are.</source>
        <translation>Dateien dieses Namens, die schon da sind (%1), werden gemessen, wie sie sind.</translation>
    </message>
</context>
<context>
    <name>bs::ui::TemplateDialog</name>
    <message>
        <source>Chat template</source>
        <translation>Chat-Vorlage</translation>
    </message>
    <message>
        <source>What the model reads</source>
        <translation>Was das Modell liest</translation>
    </message>
    <message>
        <source>Use it for this conversation</source>
        <translation>Für diese Unterhaltung verwenden</translation>
    </message>
    <message>
        <source>The model&apos;s own</source>
        <translation>Die des Modells</translation>
    </message>
    <message>
        <source>Put the model&apos;s own template back</source>
        <translation>Die Vorlage des Modells wiederherstellen</translation>
    </message>
    <message>
        <source>&amp;Template (Jinja)</source>
        <translation>&amp;Vorlage (Jinja)</translation>
    </message>
    <message>
        <source>What the model &amp;reads of a short conversation</source>
        <translation>Was das Modell von einer kurzen Unterhaltung &amp;liest</translation>
    </message>
    <message>
        <source>It is checked when the answer is there ...</source>
        <translation>Geprüft wird, sobald die Antwort da ist ...</translation>
    </message>
    <message>
        <source>It can be run: %1 tokens.</source>
        <translation>Die Vorlage funktioniert: %1 Token.</translation>
    </message>
</context>
<context>
    <name>bs::ui::TensorPanel</name>
    <message>
        <source>%1 · %2 · %3</source>
        <translation>%1 · %2 · %3</translation>
    </message>
    <message>
        <source>min %1 · max %2 · mean %3 · standard deviation %4 · largest magnitude %5</source>
        <translation>Min. %1 · Max. %2 · Mittel %3 · Standardabweichung %4 · größter Betrag %5</translation>
    </message>
    <message>
        <source>%1 values · %2 % zeros · %3 not finite</source>
        <translation>%1 Werte · %2 % Nullen · %3 nicht endlich</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>How many</source>
        <translation>Anzahl</translation>
    </message>
    <message>
        <source>No values.</source>
        <translation>Keine Werte.</translation>
    </message>
    <message>
        <source>Codes</source>
        <translation>Codes</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Only matrices of a stack have codes.</source>
        <translation>Codes haben nur Matrizen eines Stapels.</translation>
    </message>
    <message>
        <source>Error by depth</source>
        <translation>Fehler nach Tiefe</translation>
    </message>
    <message>
        <source>Bits per weight</source>
        <translation>Bit je Gewicht</translation>
    </message>
    <message>
        <source>Error left, %</source>
        <translation>Restfehler, %</translation>
    </message>
    <message>
        <source>Only matrices of a stack have depths.</source>
        <translation>Tiefen haben nur Matrizen eines Stapels.</translation>
    </message>
    <message>
        <source>Reading the tensor</source>
        <translation>Tensor wird gelesen</translation>
    </message>
    <message>
        <source>Charts of the tensor</source>
        <translation>Diagramme des Tensors</translation>
    </message>
    <message>
        <source>Choose a tensor to see its values.</source>
        <translation>Wählen Sie einen Tensor, um seine Werte zu sehen.</translation>
    </message>
    <message>
        <source>Reading its values ...</source>
        <translation>Werte werden gelesen ...</translation>
    </message>
</context>
<context>
    <name>bs::ui::TensorTreeModel</name>
    <message>
        <source>Outside the layers</source>
        <translation>Außerhalb der Schichten</translation>
    </message>
    <message>
        <source>Layer %1</source>
        <translation>Schicht %1</translation>
    </message>
    <message>
        <source>1 tensor</source>
        <translation>1 Tensor</translation>
    </message>
    <message>
        <source>%1 tensors</source>
        <translation>%1 Tensoren</translation>
    </message>
    <message>
        <source>%1, 1 block</source>
        <translation>%1, 1 Block</translation>
    </message>
    <message>
        <source>%1, %2 blocks</source>
        <translation>%1, %2 Blöcke</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Anteil</translation>
    </message>
</context>
<context>
    <name>bs::ui::TokenCard</name>
    <message>
        <source>What both models think of this token</source>
        <translation>Was beide Modelle von diesem Token halten</translation>
    </message>
    <message>
        <source>Likeliest tokens and their probabilities</source>
        <translation>Wahrscheinlichste Token mit Wahrscheinlichkeiten</translation>
    </message>
</context>
<context>
    <name>bs::ui::TokenJob</name>
    <message>
        <source>what the engine says about the tokens does not fit together</source>
        <translation>die Angaben der Engine zu den Token widersprechen sich</translation>
    </message>
</context>
<context>
    <name>bs::ui::TokenModel</name>
    <message>
        <source>%1 (%2 %)</source>
        <translation>%1 (%2 %)</translation>
    </message>
    <message>
        <source>Divergence from the original, in nats; a lower bound within 1 %</source>
        <translation>Divergenz zum Original in Nat; eine untere Schranke, auf 1 % genau</translation>
    </message>
    <message>
        <source>How little the model expected this token, in nats</source>
        <translation>Wie wenig das Modell dieses Token erwartet hat, in Nat</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>KL</source>
        <translation>KL</translation>
    </message>
    <message>
        <source>Surprise</source>
        <translation>Überraschung</translation>
    </message>
    <message>
        <source>Original expected</source>
        <translation>Original erwartet</translation>
    </message>
    <message>
        <source>This size expected</source>
        <translation>Diese Größe erwartet</translation>
    </message>
    <message>
        <source>%1 · token %2
KL %3 nats
original expected %4
this size expected %5</source>
        <translation>%1 · Token %2
KL %3 Nat
Original erwartet %4
diese Größe erwartet %5</translation>
    </message>
    <message>
        <source>No text was looked at.</source>
        <translation>Noch kein Text untersucht.</translation>
    </message>
    <message>
        <source>everything it holds</source>
        <translation>alles, was die Datei enthält</translation>
    </message>
    <message>
        <source>%1 tokens at %2 against %3: mean KL %4 nats, median %5, the same first choice at %6 %.</source>
        <translation>%1 Token bei %2, verglichen mit: %3. Mittlere KL %4 Nat, Median %5, gleiche erste Wahl bei %6 %.</translation>
    </message>
    <message>
        <source> (%1)</source>
        <translation> (%1)</translation>
    </message>
</context>
<context>
    <name>bs::ui::TokenPanel</name>
    <message>
        <source>Divergence token by token</source>
        <translation>Divergenz je Token</translation>
    </message>
    <message>
        <source>How far the look at the text is</source>
        <translation>Fortschritt der Textuntersuchung</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop looking at the text</source>
        <translation>Die Untersuchung des Textes abbrechen</translation>
    </message>
    <message>
        <source>The tokens farthest from the original</source>
        <translation>Die am weitesten vom Original entfernten Token</translation>
    </message>
</context>
<context>
    <name>bs::ui::TokenPlot</name>
    <message>
        <source>Position in the text (tokens)</source>
        <translation>Position im Text (Token)</translation>
    </message>
    <message>
        <source>KL divergence (nats)</source>
        <translation>KL-Divergenz (Nat)</translation>
    </message>
    <message>
        <source>Where in a text this size differs
from the original is drawn here.</source>
        <translation>Hier erscheint, wo in einem Text
diese Größe vom Original abweicht.</translation>
    </message>
    <message>
        <source>every token</source>
        <translation>jedes Token</translation>
    </message>
    <message>
        <source>the worst</source>
        <translation>die schlechtesten</translation>
    </message>
    <message>
        <source>Divergence from the original, token by token</source>
        <translation>Divergenz zum Original je Token</translation>
    </message>
</context>
<context>
    <name>bs::ui::TwinPanel</name>
    <message>
        <source>Save or copy</source>
        <translation>Speichern oder kopieren</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>Als &amp;Tabelle zeigen</translation>
    </message>
    <message>
        <source>The same figures as a table</source>
        <translation>Dieselben Werte als Tabelle</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy the picture, or the chosen cells of the table</source>
        <translation>Das Bild oder die ausgewählten Zellen der Tabelle kopieren</translation>
    </message>
    <message>
        <source>Save as &amp;PNG...</source>
        <translation>Als &amp;PNG speichern ...</translation>
    </message>
    <message>
        <source>A picture of 900 x 560 pixels</source>
        <translation>Ein Bild mit 900 × 560 Pixeln</translation>
    </message>
    <message>
        <source>Save as PNG, &amp;twice as sharp...</source>
        <translation>Als PNG speichern, &amp;doppelt so scharf ...</translation>
    </message>
    <message>
        <source>A picture of 1800 x 1120 pixels</source>
        <translation>Ein Bild mit 1800 × 1120 Pixeln</translation>
    </message>
    <message>
        <source>Save as &amp;SVG...</source>
        <translation>Als &amp;SVG speichern ...</translation>
    </message>
    <message>
        <source>A drawing for the web</source>
        <translation>Eine Vektorgrafik fürs Web</translation>
    </message>
    <message>
        <source>Save as P&amp;DF...</source>
        <translation>Als PD&amp;F speichern ...</translation>
    </message>
    <message>
        <source>A drawing for print</source>
        <translation>Eine Vektorgrafik für den Druck</translation>
    </message>
    <message>
        <source>Save figures as CS&amp;V...</source>
        <translation>Werte als CS&amp;V speichern ...</translation>
    </message>
    <message>
        <source>All figures of the table, for other programs</source>
        <translation>Alle Werte der Tabelle, für andere Programme</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>Bilder (*.png)</translation>
    </message>
    <message>
        <source>Drawings (*.svg)</source>
        <translation>Vektorgrafiken (*.svg)</translation>
    </message>
    <message>
        <source>Documents (*.pdf)</source>
        <translation>Dokumente (*.pdf)</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Save the chart</source>
        <translation>Diagramm speichern</translation>
    </message>
    <message>
        <source>The chart was written to %1.</source>
        <translation>Das Diagramm wurde in %1 gespeichert.</translation>
    </message>
</context>
<context>
    <name>bs::ui::UndoBar</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>bs::ui::WindowActions</name>
    <message>
        <source>&amp;Open...</source>
        <translation>Ö&amp;ffnen ...</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>Eine Modelldatei öffnen</translation>
    </message>
    <message>
        <source>Open &amp;folder...</source>
        <translation>&amp;Ordner öffnen ...</translation>
    </message>
    <message>
        <source>Open a Hugging Face folder</source>
        <translation>Einen Hugging-Face-Ordner öffnen</translation>
    </message>
    <message>
        <source>&amp;Close model</source>
        <translation>Modell &amp;schließen</translation>
    </message>
    <message>
        <source>Give the model&apos;s memory back</source>
        <translation>Den Speicher des Modells freigeben</translation>
    </message>
    <message>
        <source>Co&amp;mpress...</source>
        <translation>&amp;Komprimieren ...</translation>
    </message>
    <message>
        <source>Cut the model into blocks, once</source>
        <translation>Das Modell einmal in Blöcke zerlegen</translation>
    </message>
    <message>
        <source>&amp;Export...</source>
        <translation>&amp;Exportieren ...</translation>
    </message>
    <message>
        <source>Write the model at this size for other programs</source>
        <translation>Das Modell in dieser Größe für andere Programme schreiben</translation>
    </message>
    <message>
        <source>&amp;Save chart as PNG...</source>
        <translation>&amp;Diagramm als PNG speichern ...</translation>
    </message>
    <message>
        <source>Write the chart to a PNG file</source>
        <translation>Das Diagramm als PNG-Datei speichern</translation>
    </message>
    <message>
        <source>Threads, context length, language and cached files</source>
        <translation>Threads, Kontextlänge, Sprache und zwischengespeicherte Dateien</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Leave the workbench</source>
        <translation>Das Programm beenden</translation>
    </message>
    <message>
        <source>&amp;New conversation</source>
        <translation>&amp;Neue Unterhaltung</translation>
    </message>
    <message>
        <source>Begin a new conversation</source>
        <translation>Eine neue Unterhaltung beginnen</translation>
    </message>
    <message>
        <source>&amp;Stop answer</source>
        <translation>Antwort &amp;stoppen</translation>
    </message>
    <message>
        <source>Stop the answer that is being made</source>
        <translation>Die laufende Antwort stoppen</translation>
    </message>
    <message>
        <source>&amp;Regenerate</source>
        <translation>Neu &amp;erzeugen</translation>
    </message>
    <message>
        <source>Make the last answer again at the size that is set now</source>
        <translation>Die letzte Antwort mit der jetzt eingestellten Größe neu erzeugen</translation>
    </message>
    <message>
        <source>Go to the &amp;prompt</source>
        <translation>Zum &amp;Prompt</translation>
    </message>
    <message>
        <source>Write the next prompt</source>
        <translation>Den nächsten Prompt schreiben</translation>
    </message>
    <message>
        <source>Give the chosen conversation another title</source>
        <translation>Der ausgewählten Unterhaltung einen anderen Titel geben</translation>
    </message>
    <message>
        <source>&amp;Delete conversation</source>
        <translation>Unterhaltung &amp;löschen</translation>
    </message>
    <message>
        <source>Delete the chosen conversation; it can be brought back</source>
        <translation>Die ausgewählte Unterhaltung löschen; sie lässt sich zurückholen</translation>
    </message>
    <message>
        <source>E&amp;xport conversation...</source>
        <translation>Unterhaltung e&amp;xportieren ...</translation>
    </message>
    <message>
        <source>Write the chosen conversation as Markdown or JSON</source>
        <translation>Die ausgewählte Unterhaltung als Markdown oder JSON speichern</translation>
    </message>
    <message>
        <source>Searc&amp;h conversations</source>
        <translation>Unterhaltungen &amp;durchsuchen</translation>
    </message>
    <message>
        <source>Find a conversation by what was said</source>
        <translation>Eine Unterhaltung nach ihrem Inhalt suchen</translation>
    </message>
    <message>
        <source>Chat &amp;template...</source>
        <translation>Chat-&amp;Vorlage ...</translation>
    </message>
    <message>
        <source>Show and edit how messages become the model&apos;s text</source>
        <translation>Zeigen und ändern, wie aus Nachrichten der Text für das Modell wird</translation>
    </message>
    <message>
        <source>&amp;Smaller</source>
        <translation>&amp;Kleiner</translation>
    </message>
    <message>
        <source>One step less memory</source>
        <translation>Einen Schritt weniger Speicher</translation>
    </message>
    <message>
        <source>&amp;Larger</source>
        <translation>&amp;Größer</translation>
    </message>
    <message>
        <source>One step more memory</source>
        <translation>Einen Schritt mehr Speicher</translation>
    </message>
    <message>
        <source>S&amp;mallest</source>
        <translation>&amp;Minimum</translation>
    </message>
    <message>
        <source>The smallest size that is of use</source>
        <translation>Die kleinste brauchbare Größe</translation>
    </message>
    <message>
        <source>L&amp;argest</source>
        <translation>M&amp;aximum</translation>
    </message>
    <message>
        <source>Everything the file holds</source>
        <translation>Alles, was die Datei enthält</translation>
    </message>
    <message>
        <source>&amp;Follow the free memory</source>
        <translation>Dem freien Speicher &amp;folgen</translation>
    </message>
    <message>
        <source>Go to a smaller size while memory is scarce, and back up afterwards</source>
        <translation>Bei knappem Speicher die Größe senken und danach wieder erhöhen</translation>
    </message>
    <message>
        <source>&amp;Measure curve...</source>
        <translation>Kurve &amp;messen ...</translation>
    </message>
    <message>
        <source>Measure perplexity at several sizes, beside the chat</source>
        <translation>Die Perplexität bei mehreren Größen messen, neben dem Chat</translation>
    </message>
    <message>
        <source>&amp;Logarithmic axis</source>
        <translation>&amp;Logarithmische Achse</translation>
    </message>
    <message>
        <source>Perplexity on a logarithmic axis</source>
        <translation>Perplexität auf logarithmischer Achse</translation>
    </message>
    <message>
        <source>Show as &amp;table</source>
        <translation>Als &amp;Tabelle zeigen</translation>
    </message>
    <message>
        <source>The measurements as a table</source>
        <translation>Die Messungen als Tabelle</translation>
    </message>
    <message>
        <source>Go to &amp;quality against size</source>
        <translation>Zu „&amp;Qualität nach Größe“</translation>
    </message>
    <message>
        <source>Show the measured sizes</source>
        <translation>Die gemessenen Größen zeigen</translation>
    </message>
    <message>
        <source>Go to &amp;blocks by layer</source>
        <translation>Zu „&amp;Blöcke je Schicht“</translation>
    </message>
    <message>
        <source>Show what is loaded, layer by matrix</source>
        <translation>Zeigen, was geladen ist, nach Schicht und Matrix</translation>
    </message>
    <message>
        <source>Go to &amp;loading order</source>
        <translation>Zu „&amp;Ladereihenfolge“</translation>
    </message>
    <message>
        <source>Show in which order blocks load, and what each saves</source>
        <translation>Zeigen, in welcher Reihenfolge Blöcke geladen werden und was jeder spart</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>Every panel where it was at first</source>
        <translation>Alle Bereiche wieder dort, wo sie anfangs waren</translation>
    </message>
    <message>
        <source>Find a &amp;command...</source>
        <translation>&amp;Befehl suchen ...</translation>
    </message>
    <message>
        <source>Every command, by parts of its name</source>
        <translation>Alle Befehle, nach Teilen ihres Namens</translation>
    </message>
    <message>
        <source>Show &amp;log</source>
        <translation>&amp;Protokoll zeigen</translation>
    </message>
    <message>
        <source>What the window and its engine said, for a report</source>
        <translation>Was Fenster und Engine gemeldet haben, für einen Fehlerbericht</translation>
    </message>
    <message>
        <source>&amp;About BitStack Workbench</source>
        <translation>Üb&amp;er BitStack Workbench</translation>
    </message>
    <message>
        <source>Version, engine and licence</source>
        <translation>Version, Engine und Lizenz</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Export...</source>
        <translation>Export ...</translation>
    </message>
    <message>
        <source>Prefere&amp;nces...</source>
        <translation>E&amp;instellungen ...</translation>
    </message>
    <message>
        <source>Rena&amp;me conversation</source>
        <translation>Unterhaltung &amp;umbenennen</translation>
    </message>
    <message>
        <source>Logarithmic size a&amp;xis</source>
        <translation>Logarithmische Größenach&amp;se</translation>
    </message>
    <message>
        <source>Sizes on a logarithmic axis</source>
        <translation>Größen auf logarithmischer Achse</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>&amp;Hineinzoomen</translation>
    </message>
    <message>
        <source>Show less of the chart, larger</source>
        <translation>Weniger vom Diagramm zeigen, größer</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>He&amp;rauszoomen</translation>
    </message>
    <message>
        <source>Show more of the chart</source>
        <translation>Mehr vom Diagramm zeigen</translation>
    </message>
    <message>
        <source>Zoom b&amp;ack</source>
        <translation>&amp;Zoom zurück</translation>
    </message>
    <message>
        <source>What the chart showed before</source>
        <translation>Was das Diagramm zuvor zeigte</translation>
    </message>
    <message>
        <source>Zoom to &amp;everything</source>
        <translation>All&amp;es zeigen</translation>
    </message>
    <message>
        <source>Show the whole chart</source>
        <translation>Das ganze Diagramm zeigen</translation>
    </message>
    <message>
        <source>&amp;Divergence of the last answer</source>
        <translation>Divergenz der letzten &amp;Antwort</translation>
    </message>
    <message>
        <source>Where the last answer differs from the original, token by token</source>
        <translation>Wo die letzte Antwort vom Original abweicht, Token für Token</translation>
    </message>
    <message>
        <source>Di&amp;vergence on a text...</source>
        <translation>Divergenz an einem Te&amp;xt ...</translation>
    </message>
    <message>
        <source>Where this size differs from the original on a text of yours</source>
        <translation>Wo diese Größe an einem Text von Ihnen vom Original abweicht</translation>
    </message>
    <message>
        <source>&amp;Inspect the model</source>
        <translation>Modell &amp;untersuchen</translation>
    </message>
    <message>
        <source>Its tensors, their values and the file&apos;s metadata</source>
        <translation>Seine Tensoren, deren Werte und die Metadaten der Datei</translation>
    </message>
    <message>
        <source>Go to &amp;memory over time</source>
        <translation>Zu „&amp;Speicher im Zeitverlauf“</translation>
    </message>
    <message>
        <source>Show what the engine held</source>
        <translation>Zeigen, was die Engine belegt hat</translation>
    </message>
    <message>
        <source>Go to &amp;speed against size</source>
        <translation>Zu „&amp;Tempo nach Größe“</translation>
    </message>
    <message>
        <source>Show how fast answers were</source>
        <translation>Zeigen, wie schnell Antworten waren</translation>
    </message>
    <message>
        <source>Go to &amp;tokens</source>
        <translation>Zu den T&amp;oken</translation>
    </message>
    <message>
        <source>Show where in a text the model differs from the original</source>
        <translation>Zeigen, wo in einem Text das Modell vom Original abweicht</translation>
    </message>
    <message>
        <source>&amp;Go to Compare</source>
        <translation>&amp;Zum Vergleich</translation>
    </message>
    <message>
        <source>Two models answer the same prompt, side by side</source>
        <translation>Zwei Modelle beantworten denselben Prompt, nebeneinander</translation>
    </message>
    <message>
        <source>Take this size as &amp;A</source>
        <translation>Diese Größe als &amp;A nehmen</translation>
    </message>
    <message>
        <source>Compare the size that is set now, as A</source>
        <translation>Die jetzt eingestellte Größe vergleichen, als A</translation>
    </message>
    <message>
        <source>Take this size as &amp;B</source>
        <translation>Diese Größe als &amp;B nehmen</translation>
    </message>
    <message>
        <source>Compare the size that is set now, as B</source>
        <translation>Die jetzt eingestellte Größe vergleichen, als B</translation>
    </message>
    <message>
        <source>&amp;Swap A and B</source>
        <translation>A und B &amp;tauschen</translation>
    </message>
    <message>
        <source>A becomes B, and B becomes A</source>
        <translation>A wird B, und B wird A</translation>
    </message>
    <message>
        <source>Find the smallest si&amp;ze that keeps A&apos;s answer</source>
        <translation>&amp;Kleinste Größe mit gleicher Antwort wie A suchen</translation>
    </message>
    <message>
        <source>Look through the sizes for it</source>
        <translation>Die Größen danach durchsuchen</translation>
    </message>
    <message>
        <source>&amp;Measure A and B...</source>
        <translation>A und B &amp;messen ...</translation>
    </message>
    <message>
        <source>Measure perplexity and divergence of both on a text</source>
        <translation>Perplexität und Divergenz beider an einem Text messen</translation>
    </message>
    <message>
        <source>&amp;Copy both answers</source>
        <translation>Beide Antworten ko&amp;pieren</translation>
    </message>
    <message>
        <source>Copy prompt, answers and figures as Markdown</source>
        <translation>Prompt, Antworten und Zahlen als Markdown kopieren</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>Tauschen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Last answer</source>
        <translation>Letzte Antwort</translation>
    </message>
    <message>
        <source>Text...</source>
        <translation>Text ...</translation>
    </message>
</context>
<context>
    <name>bs::ui::WorkerClient</name>
    <message>
        <source>signal %1</source>
        <translation>Signal %1</translation>
    </message>
    <message>
        <source>The engine was killed, most likely because memory ran out.</source>
        <translation>Die Engine wurde vom System beendet, sehr wahrscheinlich weil der Speicher ausging.</translation>
    </message>
    <message>
        <source>The engine crashed (%1).</source>
        <translation>Die Engine ist abgestürzt (%1).</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly (exit code %1).</source>
        <translation>Die Engine hat sich unerwartet beendet (Exit-Code %1).</translation>
    </message>
    <message>
        <source>The engine sent a line longer than %1 MiB.</source>
        <translation>Die Engine hat eine Zeile gesendet, die länger als %1 MiB ist.</translation>
    </message>
    <message>
        <source>The engine sent something that is no message (%1).</source>
        <translation>Die Engine hat etwas gesendet, das keine Nachricht ist (%1).</translation>
    </message>
    <message>
        <source>The engine &apos;%1&apos; could not be started: %2.</source>
        <translation>Die Engine „%1“ konnte nicht gestartet werden: %2.</translation>
    </message>
</context>
<context>
    <name>bs::ui::WorstTokensModel</name>
    <message>
        <source>%1 %2 %</source>
        <translation>%1 %2 %</translation>
    </message>
    <message>
        <source>KL %1</source>
        <translation>KL %1</translation>
    </message>
    <message>
        <source>original %1 · here %2</source>
        <translation>Original %1 · hier %2</translation>
    </message>
    <message>
        <source>Original expected: %1
This size expected: %2</source>
        <translation>Original erwartet: %1
Diese Größe erwartet: %2</translation>
    </message>
    <message>
        <source>%1: %2. %3</source>
        <translation>%1: %2. %3</translation>
    </message>
</context>
</TS>
