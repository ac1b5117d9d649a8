#include "core/store/store.h"
#include "ui/jobs/log_file.h"
#include "ui/models/preferences.h"
#include "ui/plots/curve_plot.h"
#include "ui/widgets/themed_icon.h"
#include "ui/window/main_window.h"
#include "ui/window/translation.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>

#include <cstdio>
#include <string>
#include <variant>

namespace {

int tell(const bs::Error& error)
{
    std::fprintf(stderr, "bitstack-workbench: %s\n", error.message.c_str());
    return bs::exitCodeOf(error.code);
}

bs::Result<std::vector<bs::CurvePoint>> readPoints(const QString& database)
{
    std::string path = database.toStdString();
    if (path.empty()) {
        BS_TRY(path, bs::defaultDatabasePath());
    }
    // Opening would make an empty one.
    if (!QFileInfo(QString::fromStdString(path)).isFile())
        return bs::Error{bs::ErrorCode::NotFound, path + ": there is no such database"};
    BS_TRY(bs::Store store, bs::Store::open(path));
    return store.curve({});
}

int exportChart(const QString& database, const QString& output)
{
    const auto points = readPoints(database);
    if (!points) return tell(points.error());
    bs::ui::CurvePlot plot;
    plot.setSeries(
        bs::ui::curveSeries({bs::ui::CurveMetric::Perplexity, points.value(), {}, {}, {}}));
    QString problem;
    if (!plot.savePicture(output, {}, &problem))
        return tell({bs::ErrorCode::Io, problem.toStdString()});
    std::printf("%s: %zu points\n", output.toLocal8Bit().constData(), points.value().size());
    return 0;
}

/// What the command line asks for.
struct Request
{
    QString file;
    QString database;
    QString chart; ///< draw to this file and leave
};

/// Reads the arguments without a display; a number is the exit code of a program that is done
/// already.
std::variant<Request, int> readArguments(int& argc, char** argv)
{
    const QCoreApplication core(argc, argv);
    QCoreApplication::setApplicationVersion(QStringLiteral(BS_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Compress a language model once, then choose how many bytes it may use."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const QCommandLineOption database(
        QStringLiteral("database"),
        QStringLiteral("Measurements and conversations are kept in FILE."), QStringLiteral("FILE"));
    const QCommandLineOption chart(
        QStringLiteral("export-chart"),
        QStringLiteral("Draw what the database holds to OUT.png and leave."),
        QStringLiteral("OUT.png"));
    parser.addOptions({database, chart});
    parser.addPositionalArgument(QStringLiteral("FILE"), QStringLiteral("A model to open."),
                                 QStringLiteral("[FILE]"));
    if (!parser.parse(QCoreApplication::arguments()))
        return tell({bs::ErrorCode::Usage, parser.errorText().toStdString()});
    if (parser.isSet(help)) {
        std::printf("%s", parser.helpText().toLocal8Bit().constData());
        return 0;
    }
    if (parser.isSet(version)) {
        std::printf("bitstack-workbench %s\n", BS_VERSION);
        return 0;
    }
    const QStringList files = parser.positionalArguments();
    if (files.size() > 1)
        return tell({bs::ErrorCode::Usage,
                     "one FILE can be opened, " + std::to_string(files.size()) + " were given"});
    return Request{files.value(0), parser.value(database), parser.value(chart)};
}

} // namespace

int main(int argc, char** argv)
{
    const auto arguments = readArguments(argc, argv);
    if (const int* const code = std::get_if<int>(&arguments)) return *code;
    const Request& request = std::get<Request>(arguments);
    if (!request.chart.isEmpty() && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen"); // a chart needs no display

    const QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("BitStack"));
    QApplication::setApplicationName(QStringLiteral("bitstack-workbench"));
    QApplication::setApplicationDisplayName(QStringLiteral("BitStack Workbench"));
    QApplication::setApplicationVersion(QStringLiteral(BS_VERSION));
    QApplication::setWindowIcon(bs::ui::applicationIcon());
    if (!request.chart.isEmpty()) return exportChart(request.database, request.chart);

    const bs::ui::LogFile log(bs::ui::LogFile::defaultFolder());
    bs::ui::installLanguage(bs::ui::Preferences::load().language);
    bs::ui::MainWindow window(request.database);
    window.show();
    if (!request.file.isEmpty()) window.openPath(request.file);
    return QApplication::exec();
}
