#include "core/store/store.h"

#include <QFile>
#include <QImage>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

/// `bitstack-workbench --export-chart`, as a script calls it: no display, an exit code, one line.
class TstExportChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto opened = bs::Store::open(path("curve.sqlite").toStdString());
        QVERIFY(static_cast<bool>(opened));
        bs::Store& store = opened.value();
        const auto model = store.addModel({"m", "/models/demo.gguf", "llama", 1000}).value();
        const auto stack =
            store.addArtifact({"a", model, "bitstack", "{}", "/models/demo.bitstack", 149}).value();
        bs::RunRecord record;
        record.kind = "perplexity";
        const auto run = store.startRun(record).value();
        for (const std::uint64_t size : {75U, 100U, 149U}) {
            bs::MeasurementRecord m;
            m.run = run;
            m.artifact = stack;
            m.fileBytes = size * 1'000'000;
            m.metric = "perplexity";
            m.value = 3000.0 / static_cast<double>(size);
            m.error = 0.5;
            m.dataHash = "t";
            QVERIFY(static_cast<bool>(store.addMeasurement(m)));
        }
    }

    void drawsWhatTheDatabaseHolds()
    {
        const QString out = path("curve.png");
        QCOMPARE(run({"--database", path("curve.sqlite"), "--export-chart", out}), 0);
        QCOMPARE(m_output, out + QStringLiteral(": 3 points\n"));
        const QImage image(out);
        QVERIFY(image.width() > 600);
        QVERIFY(distinctColours(image) > 50);
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("words");
        const QString out = path("x.png");
        QFile foreign(path("foreign.sqlite"));
        QVERIFY(foreign.open(QIODevice::WriteOnly));
        foreign.write(QByteArray(8192, 'x'));
        QTest::newRow("no database")
            << QStringList{"--database", path("none.sqlite"), "--export-chart", out} << 3
            << "none.sqlite";
        QTest::newRow("foreign file")
            << QStringList{"--database", path("foreign.sqlite"), "--export-chart", out} << 3
            << "foreign.sqlite";
        QTest::newRow("output cannot be written")
            << QStringList{"--database", path("curve.sqlite"), "--export-chart", "/nowhere/x.png"}
            << 5 << "/nowhere/x.png";
        QTest::newRow("unknown option") << QStringList{"--surprise"} << 2 << "surprise";
        QTest::newRow("two files") << QStringList{"a", "b"} << 2 << "2 were given";
    }
    void refusals()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, words);
        QTEST(run(arguments), "code");
        QVERIFY2(m_error.contains(words), qPrintable(m_error));
        QVERIFY(m_output.isEmpty());
    }

private:
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    int run(const QStringList& arguments)
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char* const display : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"})
            environment.remove(QLatin1String(display));
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(BS_WORKBENCH), arguments);
        if (!process.waitForFinished(20000)) return -1;
        m_output = QString::fromUtf8(process.readAllStandardOutput());
        m_error = QString::fromUtf8(process.readAllStandardError());
        return process.exitCode();
    }

    static int distinctColours(const QImage& image)
    {
        QSet<QRgb> colours;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                colours.insert(image.pixel(x, y));
        return static_cast<int>(colours.size());
    }

    QTemporaryDir m_folder;
    QString m_output;
    QString m_error;
};

QTEST_GUILESS_MAIN(TstExportChart)
#include "tst_export_chart.moc"
