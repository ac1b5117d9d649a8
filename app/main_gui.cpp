#include "core/store/store.h"
#include "ui/main_window.h"
#include "ui/plots/curve_plot.h"
#include "ui/widgets/themed_icon.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace {

constexpr QSize kChartSize{900, 560};

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
    plot.setSeries(bs::ui::curveSeries(points.value()));
    QString problem;
    if (!plot.exportPng(output, kChartSize, &problem))
        return tell({bs::ErrorCode::Io, problem.toStdString()});
    std::printf("%s: %zu points\n", output.toLocal8Bit().constData(), points.value().size());
    return 0;
}

/// A chart needs no display; asking for one would end the program where there is none.
void chooseExportPlatform(int argc, char** argv)
{
    const bool exporting = std::any_of(argv + 1, argv + argc, [](const char* argument) {
        return std::string_view(argument).starts_with("--export-chart");
    });
    if (exporting && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
}

} // namespace

int main(int argc, char** argv)
{
    chooseExportPlatform(argc, argv);
    const QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("BitStack"));
    QApplication::setApplicationName(QStringLiteral("bitstack-workbench"));
    QApplication::setApplicationDisplayName(QStringLiteral("BitStack Workbench"));
    QApplication::setApplicationVersion(QStringLiteral(BS_VERSION));
    QApplication::setWindowIcon(bs::ui::applicationIcon());

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
    if (!parser.parse(QApplication::arguments()))
        return tell({bs::ErrorCode::Usage, parser.errorText().toStdString()});
    if (parser.isSet(help)) parser.showHelp(0);
    if (parser.isSet(version)) parser.showVersion();
    if (parser.positionalArguments().size() > 1)
        return tell({bs::ErrorCode::Usage, "one FILE can be opened, " +
                                               std::to_string(parser.positionalArguments().size()) +
                                               " were given"});
    if (parser.isSet(chart)) return exportChart(parser.value(database), parser.value(chart));

    bs::ui::MainWindow window(parser.value(database));
    window.show();
    if (!parser.positionalArguments().isEmpty())
        window.openPath(parser.positionalArguments().first());
    return QApplication::exec();
}
