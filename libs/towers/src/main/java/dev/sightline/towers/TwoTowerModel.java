package dev.sightline.towers;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.XavierInitializer;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ModelVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Two towers that end in one embedding space. Owns the native memory of their parameters, and of the embedders made from it
 * that are not closed before, until {@link #close}; none of them must be used after.
 */
public final class TwoTowerModel implements AutoCloseable {
    private static final String ENGINE = "PyTorch";

    private final NDManager manager;
    private final AttributeSchema schema;
    private final Preprocessing preprocessing;
    private final TowerSettings settings;
    private final Optional<TorchScriptBackbone> torchScript;
    private final SequentialBlock imageTower;
    private final Block queryTower;

    private TwoTowerModel(
            NDManager manager,
            AttributeSchema schema,
            Preprocessing preprocessing,
            TowerSettings settings,
            Optional<byte[]> module) {
        this.manager = manager;
        this.schema = schema;
        this.preprocessing = preprocessing;
        this.settings = settings;
        this.torchScript = module.map(bytes -> new TorchScriptBackbone(manager, bytes, preprocessing));
        this.imageTower = TowerBlocks.imageTower(
                settings, torchScript.<List<Block>>map(List::of).orElseGet(() -> ConvolutionalBackbone.of(settings)));
        this.queryTower = TowerBlocks.queryTower(settings, schema.size());
    }

    /** The first GPU if there is one, else the CPU. */
    public static Device bestDevice() {
        Engine engine = Engine.getEngine(ENGINE);
        return engine.getGpuCount() > 0 ? Device.gpu() : Device.cpu();
    }

    /** An untrained model on a backbone of our own; the same seed gives the same parameters. */
    public static TwoTowerModel create(
            AttributeSchema schema, Preprocessing preprocessing, TowerSettings settings, long seed, Device device) {
        return create(schema, preprocessing, settings, Optional.empty(), seed, device);
    }

    /**
     * A model with an untrained head and query tower on the backbone in a TorchScript file; the same seed gives the same
     * parameters.
     *
     * @throws IllegalArgumentException if the file is missing, is not the one {@code settings} name, or is no backbone for
     *     images of this size
     */
    public static TwoTowerModel create(
            AttributeSchema schema,
            Preprocessing preprocessing,
            TowerSettings settings,
            TorchScriptFile backbone,
            long seed,
            Device device) {
        if (!settings.torchScript().equals(Optional.of(backbone.sha256()))) {
            throw new IllegalArgumentException(
                    backbone.path() + " is not the file of " + settings + "; make the settings anew");
        }
        try {
            return create(schema, preprocessing, settings, Optional.of(backbone.read()), seed, device);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(backbone.path() + ": " + e.getMessage(), e);
        }
    }

    private static TwoTowerModel create(
            AttributeSchema schema,
            Preprocessing preprocessing,
            TowerSettings settings,
            Optional<byte[]> module,
            long seed,
            Device device) {
        settings.requireRoomFor(schema.size());
        Engine engine = Engine.getEngine(ENGINE);
        engine.setRandomSeed((int) seed);
        TwoTowerModel model = build(device, schema, preprocessing, settings, module);
        int size = preprocessing.inputSize();
        initialise(model.imageTower, model.manager, new Shape(1, 3, size, size));
        initialise(model.queryTower, model.manager, new Shape(1, schema.size()));
        return model;
    }

    private static TwoTowerModel build(
            Device device,
            AttributeSchema schema,
            Preprocessing preprocessing,
            TowerSettings settings,
            Optional<byte[]> module) {
        NDManager manager = Engine.getEngine(ENGINE).newBaseManager(device);
        try {
            return new TwoTowerModel(manager, schema, preprocessing, settings, module);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static void initialise(Block tower, NDManager manager, Shape input) {
        tower.setInitializer(
                new XavierInitializer(XavierInitializer.RandomType.GAUSSIAN, XavierInitializer.FactorType.IN, 2),
                Parameter.Type.WEIGHT);
        tower.initialize(manager, DataType.FLOAT32, input);
    }

    /** @throws UnusableBundleException if the bundle is missing, damaged or of another format */
    public static Loaded load(Path file, Device device) {
        ModelBundle bundle = ModelBundle.read(file);
        ModelManifest manifest = bundle.manifest();
        try {
            TwoTowerModel model =
                    build(device, manifest.schema(), manifest.preprocessing(), manifest.towers(), bundle.backbone());
            try {
                loadParameters(model.imageTower, model.manager, bundle.imageTower());
                loadParameters(model.queryTower, model.manager, bundle.queryTower());
                return new Loaded(model, manifest);
            } catch (IOException | MalformedModelException | RuntimeException e) {
                model.close();
                throw e;
            }
        } catch (IOException | MalformedModelException | RuntimeException e) {
            throw new UnusableBundleException(
                    "the parameters in " + file + " do not fit the towers its manifest describes; train again", e);
        }
    }

    /**
     * As {@link #load(Path, Device)}, and refuses any other schema.
     *
     * @throws UnusableBundleException also if the bundle's attributes are not {@code expected}, in the same order
     */
    public static Loaded load(Path file, AttributeSchema expected, Device device) {
        AttributeSchema found = ModelBundle.read(file).manifest().schema();
        if (!found.fingerprint().equals(expected.fingerprint())) {
            throw new UnusableBundleException("model bundle " + file + " was trained on the " + found.size()
                    + " attributes of schema '" + found.name() + "', not on the " + expected.size() + " of '"
                    + expected.name() + "'; train a version for this schema");
        }
        return load(file, device);
    }

    /** What a bundle says of itself. @throws UnusableBundleException if it is missing, damaged or of another format */
    public static ModelManifest manifest(Path file) {
        return ModelBundle.read(file).manifest();
    }

    /** A model and what its bundle says of it. */
    public record Loaded(TwoTowerModel model, ModelManifest manifest) {}

    /** Writes the model as one bundle without a training history, whole or not at all. */
    public ModelManifest save(
            Path file, ModelVersion version, Map<String, String> training, Map<String, Double> metrics) {
        return save(file, version, training, metrics, List.of());
    }

    /** Writes the model as one bundle, whole or not at all. */
    public ModelManifest save(
            Path file,
            ModelVersion version,
            Map<String, String> training,
            Map<String, Double> metrics,
            List<TrainingEpoch> history) {
        var manifest = new ModelManifest(
                ModelManifest.FORMAT_VERSION,
                version,
                schema,
                preprocessing,
                settings,
                training,
                metrics,
                history,
                Instant.now());
        new ModelBundle(
                        manifest,
                        parameters(imageTower),
                        parameters(queryTower),
                        torchScript.map(TorchScriptBackbone::toBytes))
                .write(file);
        return manifest;
    }

    public AttributeSchema schema() {
        return schema;
    }

    public Preprocessing preprocessing() {
        return preprocessing;
    }

    public TowerSettings settings() {
        return settings;
    }

    public Device device() {
        return manager.getDevice();
    }

    /**
     * Takes over every parameter of {@code other}, running statistics included.
     *
     * @throws IllegalArgumentException if it has other towers, another schema or another preprocessing
     */
    public void copyParametersOf(TwoTowerModel other) {
        if (!settings.equals(other.settings)
                || !preprocessing.equals(other.preprocessing)
                || !schema.fingerprint().equals(other.schema.fingerprint())) {
            throw new IllegalArgumentException("parameters of " + other.settings + " on " + other.preprocessing
                    + " and schema '" + other.schema.name() + "' do not fit " + settings + " on " + preprocessing
                    + " and schema '" + schema.name() + "'");
        }
        List<Parameter> from = other.parameters();
        List<Parameter> to = parameters();
        for (int i = 0; i < to.size(); i++) {
            from.get(i).getArray().copyTo(to.get(i).getArray());
        }
    }

    /** Every parameter, running statistics included: those of the image tower, then those of the query tower. */
    public List<Parameter> parameters() {
        return Stream.concat(imageTower.getParameters().values().stream(), queryTower.getParameters().values().stream())
                .toList();
    }

    /** Those of the image tower before its head, the linear layer it ends in; running statistics included. */
    public List<Parameter> backboneParameters() {
        return imageTower.getChildren().values().stream()
                .filter(block -> !(block instanceof Linear))
                .flatMap(block -> block.getParameters().values().stream())
                .toList();
    }

    /**
     * An embedder for one thread at a time and for the weights as they are now. That of a backbone of our own has a copy of
     * the weights, with each BatchNorm folded into the convolution before it.
     */
    public ImageEmbedder imageEmbedder() {
        NDManager embedding = manager.newSubManager();
        Block tower = torchScript.isPresent() ? imageTower : FoldedTower.of(imageTower, settings, embedding);
        return new ImageEmbedder(embedding, tower, preprocessing);
    }

    /** A thread-safe embedder. */
    public QueryEmbedder queryEmbedder() {
        return new QueryEmbedder(manager, queryTower, settings.design(), schema);
    }

    /** The image tower's parameters and structure, for the trainer. */
    public Block imageTower() {
        return imageTower;
    }

    /** The query tower's parameters and structure, for the trainer. */
    public Block queryTower() {
        return queryTower;
    }

    /** The parent of all native memory of this model. */
    public NDManager manager() {
        return manager;
    }

    @Override
    public void close() {
        manager.close();
    }

    private static byte[] parameters(Block tower) {
        var bytes = new ByteArrayOutputStream();
        try {
            tower.saveParameters(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write parameters to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void loadParameters(Block tower, NDManager manager, byte[] bytes)
            throws IOException, MalformedModelException {
        tower.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(bytes)));
    }
}
