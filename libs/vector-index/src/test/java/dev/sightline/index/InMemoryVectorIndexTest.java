package dev.sightline.index;

class InMemoryVectorIndexTest extends VectorIndexContract {
    @Override
    protected VectorIndex emptyIndex() {
        return new InMemoryVectorIndex();
    }
}
